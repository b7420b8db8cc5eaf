package org.dualform.dev.pack.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Stamp;

/**
 * A folder with the parts of an image. A part is made again only if what it is made from has changed, so that a second
 * image takes seconds.
 */
final class Staging {
    private final Path folder;

    Staging(Path folder) {
        this.folder = folder;
    }

    /** Makes a part. */
    interface Maker {
        void make(Path into) throws IOException;
    }

    /**
     * Returns a part, and makes it first if there is none of this fingerprint.
     *
     * @param maker receives a path at which nothing is
     */
    Path part(String name, String fingerprint, Maker maker) throws IOException {
        Path part = folder.resolve(name);
        Stamp stamp = new Stamp(folder.resolve(name + ".stamp"), fingerprint);
        if (stamp.matches() && Files.exists(part)) return part;
        Files.createDirectories(folder);
        Files.deleteIfExists(stamp.file());
        if (Files.exists(part)) FileTree.delete(part);
        maker.make(part);
        stamp.write();
        return part;
    }
}
