package org.dualform.task.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;

/** Turns an I/O error into a message for the person who runs the task. */
public final class StorageErrors {
    private static final long MEGABYTE = 1 << 20;

    private StorageErrors() {}

    public static DualformException explain(IOException e, Path workspace) {
        String text = String.valueOf(e.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new PermanentException(
                    "The disk of the workspace " + workspace + " is full: " + free(workspace)
                            + " left. Free some space, or name another workspace; what is finished is kept, so a rerun"
                            + " goes on from there.",
                    e);
        }
        if (e instanceof AccessDeniedException || lower.contains("read-only file system")) {
            return UserException.config("No permission: " + text + ". The workspace " + workspace
                    + " must be writable, and models and data sets readable, for the user "
                    + System.getProperty("user.name") + ".");
        }
        return new TransientException(
                "Reading or writing failed: " + e.getClass().getSimpleName() + ": " + text + ".", e);
    }

    private static String free(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            return store.getUsableSpace() / MEGABYTE + " of " + store.getTotalSpace() / MEGABYTE + " MiB";
        } catch (IOException e) {
            return "an unknown number of bytes";
        }
    }
}
