package org.dualform.task.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.dualform.contract.DualformException;
import org.dualform.contract.PathEncoding;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a failure of the machine from a bug: memory that is used up, a native library that cannot be loaded, a file that
 * cannot be read or written. Libraries wrap such a failure in exceptions of their own, so the causes are looked through.
 */
public final class MachineErrors {
    private static final String HEAP = "JDK_JAVA_OPTIONS=-Xmx4g";

    private MachineErrors() {}

    /**
     * What a failure means to a person; empty if it is a bug.
     *
     * @param what the folder in which the program writes, as people call it
     * @param folder that folder
     */
    public static Optional<DualformException> explain(Throwable failure, String what, Path folder) {
        for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof PermanentException && e.getCause() instanceof FileSystemException cause)
                return Optional.of(StorageErrors.explain(cause, what, folder));
            if (e instanceof DualformException foreseen) return Optional.of(foreseen);
            if (e instanceof OutOfMemoryError) return Optional.of(memory(e));
            if (e instanceof UnsatisfiedLinkError) return Optional.of(library(e));
            if (e instanceof InvalidPathException path)
                return Optional.of(PathEncoding.ofThisProcess()
                        .explain(path)
                        .orElseGet(() ->
                                UserException.usage("'" + path.getInput() + "' is no path: " + path.getReason())));
            if (e instanceof UncheckedIOException unchecked)
                return Optional.of(StorageErrors.explain(Objects.requireNonNull(unchecked.getCause()), what, folder));
            if (e instanceof FileSystemException || (e == failure && e instanceof IOException))
                return Optional.of(StorageErrors.explain((IOException) e, what, folder));
        }
        return Optional.empty();
    }

    /** The sentence that stands above the stack trace of a bug. */
    public static String bug(Throwable failure) {
        if (failure instanceof StackOverflowError)
            return "Java's stack is full. JDK_JAVA_OPTIONS=-Xss16m makes it larger; if it is full then too, this is a bug"
                    + " of Dualform's: please report it with the lines below.";
        if (failure instanceof LinkageError)
            return "Dualform's Java classes do not fit together. If they were built anew while this ran, run the same"
                    + " again; else delete the folders */target and build once more. If that does not help, this is a"
                    + " bug of Dualform's: please report it with the lines below.";
        return "This is a bug of Dualform's; please report it with the lines below.";
    }

    private static DualformException memory(Throwable e) {
        return new PermanentException(
                "Java ran out of memory (" + e.getMessage() + "). Its heap may grow to "
                        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB: raise that, as by " + HEAP
                        + ", or evaluate fewer rows.",
                e);
    }

    private static DualformException library(Throwable e) {
        return UserException.config("A native library could not be loaded: " + e.getMessage()
                + ". If its folder is mounted noexec, have libraries unpacked elsewhere: below DUALFORM_HOME or"
                + " DJL_CACHE_DIR, and for those of /tmp by JDK_JAVA_OPTIONS=-Djava.io.tmpdir=DIR. Else the system lacks"
                + " what the message names.");
    }
}
