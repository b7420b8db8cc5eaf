package org.dualform.task.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;

/**
 * Turns an I/O error into a message for the person who runs a task or a command. The message names what the file system
 * itself says where that can be asked: the system words its errors in the user's language.
 */
public final class StorageErrors {
    private static final long MEGABYTE = 1 << 20;

    private StorageErrors() {}

    /** Explains an error of a task. */
    public static DualformException explain(IOException e, Path workspace) {
        return explain(e, "workspace", workspace.toAbsolutePath().normalize());
    }

    /**
     * Explains an error of any command.
     *
     * @param what the folder in which the program writes, as people call it
     * @param folder that folder, which need not exist
     */
    public static DualformException explain(IOException e, String what, Path folder) {
        Path file = file(e, folder);
        String place = file.startsWith(folder) ? "the " + what + " " + folder : String.valueOf(file.getParent());
        if (e instanceof NoSuchFileException) return vanished(e, what, folder, file);
        if (e instanceof AccessDeniedException) {
            return UserException.config("No permission for " + file + ". The " + what + " " + folder
                    + " must be writable, and models and data sets readable, for the user "
                    + System.getProperty("user.name") + ".");
        }
        if (isReadOnly(file) || says(e, "read-only file system")) {
            return UserException.config("Nothing can be written in " + place
                    + ": its file system is mounted read-only. Name a folder on another, or mount it anew.");
        }
        if (isFull(file) || says(e, "no space left") || says(e, "quota exceeded")) {
            return new PermanentException(
                    "The disk of " + place + " is full: " + free(file)
                            + " left. Free some space, or name another folder; what is finished is kept, so a rerun"
                            + " goes on from there.",
                    e);
        }
        Path first = e instanceof FileAlreadyExistsException ? file : file.getParent();
        for (Path above = first; above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return UserException.config(above
                        + " is a file, and a folder is needed there. Move the file away, or name another folder.");
            }
        }
        if (e instanceof FileSystemException && Files.isDirectory(file) && !file.equals(folder)) {
            return UserException.config(file + " is a folder, and a file is needed there. Move the folder away.");
        }
        String reason = e instanceof FileSystemException system && system.getReason() != null
                ? file + ": " + system.getReason()
                : e.toString();
        return new TransientException("Reading or writing failed: " + reason + ". Run the same again.", e);
    }

    private static DualformException vanished(IOException e, String what, Path folder, Path file) {
        if (!file.startsWith(folder)) {
            return UserException.data(file + " does not exist, or vanished while it was read. Put it back.", e);
        }
        String gone = Files.isDirectory(folder)
                ? "Files of the " + what + " " + folder + " were"
                : "The " + what + " " + folder + " was";
        return new TransientException(
                gone
                        + " deleted by another program while it was in use. Leave it alone while something runs, and run the"
                        + " same again: what is gone is made anew.",
                e);
    }

    /** The file that an error is about; of a move, where the file was to go. */
    private static Path file(IOException e, Path otherwise) {
        if (!(e instanceof FileSystemException known)) return otherwise;
        String named = known.getOtherFile() == null ? known.getFile() : known.getOtherFile();
        return named == null ? otherwise : Path.of(named).toAbsolutePath().normalize();
    }

    private static boolean says(IOException e, String words) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(words);
    }

    private static boolean isFull(Path file) {
        try {
            return store(file).getUsableSpace() < MEGABYTE;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean isReadOnly(Path file) {
        try {
            return store(file).isReadOnly();
        } catch (IOException unknown) {
            return false;
        }
    }

    private static String free(Path file) {
        try {
            FileStore store = store(file);
            return store.getUsableSpace() / MEGABYTE + " of " + store.getTotalSpace() / MEGABYTE + " MiB";
        } catch (IOException unknown) {
            return "an unknown number of bytes";
        }
    }

    /** The file system of a file, or of the nearest folder above it that exists. */
    private static FileStore store(Path file) throws IOException {
        Path place = file;
        while (!Files.exists(place) && place.getParent() != null) place = place.getParent();
        return Files.getFileStore(place);
    }
}
