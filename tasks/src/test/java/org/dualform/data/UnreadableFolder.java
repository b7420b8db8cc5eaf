package org.dualform.data;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * A folder that others may not read, as {@code lost+found}. Permissions do not bind root, so a test that runs as root
 * looks at files as somebody else: Linux keeps a user for access to files for each thread.
 */
public final class UnreadableFolder {
    private static final int NOBODY = 65534;

    private UnreadableFolder() {}

    /** Makes the folder; all folders above it, up to {@code top}, can be read by everybody. */
    public static Path in(Path root, Path top) throws IOException {
        for (Path folder = root; folder.startsWith(top); folder = folder.getParent())
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectory(root.resolve("lost+found"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
        return folder;
    }

    /** What {@code action} gives if this thread is not root. It runs once before, so that its classes are loaded. */
    public static <T> T asNobody(Supplier<T> action) {
        if (!System.getProperty("user.name").equals("root")) return action.get();
        action.get();
        Function access = NativeLibrary.getProcess().getFunction("setfsuid");
        access.invokeInt(new Object[] {NOBODY});
        try {
            return action.get();
        } finally {
            access.invokeInt(new Object[] {0});
        }
    }
}
