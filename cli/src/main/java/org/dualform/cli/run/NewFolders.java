package org.dualform.cli.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.base.FileTree;

/**
 * Folders that a command makes on its way to a result. If it is refused before it has one, they are removed, so that a
 * mistake leaves nothing behind. Folders that were there before stay, and so does everything in them.
 */
final class NewFolders {
    private final Path workspace;
    private final List<Path> absent = new ArrayList<>();

    private NewFolders(Path workspace) {
        this.workspace = workspace.toAbsolutePath().normalize();
        Path folder = this.workspace;
        while (folder != null && !Files.exists(folder)) {
            absent.add(folder);
            folder = folder.getParent();
        }
    }

    /** Notes which of the workspace and the folders above it are not there yet. */
    static NewFolders before(Path workspace) {
        return new NewFolders(workspace);
    }

    /** Removes those that hold no result. Other programs' files stay, and those of another run that began meanwhile. */
    void removeWithoutResult() {
        try {
            if (absent.isEmpty() || Files.exists(workspace.resolve("results")) || !isEmpty(workspace.resolve("tmp")))
                return;
            FileTree.delete(workspace);
            for (Path folder : absent) if (isEmpty(folder)) Files.delete(folder);
        } catch (IOException e) {
            // What cannot be removed stays. The command has a more important message.
            return;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return false;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            return !children.iterator().hasNext();
        }
    }
}
