package org.dualform.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file or folder could not be used. Java's own message is often the path alone. */
public final class FileFailure {
    private FileFailure() {}

    /** The reason, without a full stop. */
    public static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) return "permission denied";
        if (failure instanceof NoSuchFileException) return "it does not exist";
        if (failure instanceof NotDirectoryException) return "it is no folder";
        if (failure instanceof FileSystemException named && named.getReason() != null) return named.getReason();
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
