package org.dualform.base;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders in the roots that a user configured. A folder that cannot be read, such as {@code lost+found}, hides no
 * other.
 *
 * @param folders those that can be read, root by root, in alphabetical order
 * @param skipped the others, each with the reason
 */
public record RootFolders(List<Path> folders, List<String> skipped) {
    public RootFolders {
        folders = List.copyOf(folders);
        skipped = List.copyOf(skipped);
    }

    /** Lists the roots; one that is no folder is as good as empty. */
    public static RootFolders of(List<Path> roots) {
        List<Path> folders = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (Path root : roots) {
            if (!Files.isDirectory(root)) continue;
            try (Stream<Path> children = Files.list(root)) {
                children.filter(Files::isDirectory).sorted().forEach(child -> add(child, folders, skipped));
            } catch (IOException e) {
                skipped.add(told(root, e));
            }
        }
        return new RootFolders(folders, skipped);
    }

    private static void add(Path folder, List<Path> folders, List<String> skipped) {
        try (DirectoryStream<Path> readable = Files.newDirectoryStream(folder)) {
            folders.add(folder);
        } catch (IOException e) {
            skipped.add(told(folder, e));
        }
    }

    private static String told(Path folder, IOException failure) {
        return folder + " (" + FileFailure.reason(failure) + ")";
    }

    /** A sentence about the folders that were skipped, with a blank before it; empty if there are none. */
    public String hint() {
        return skipped.isEmpty() ? "" : " Not looked at, because unreadable: " + String.join(", ", skipped) + ".";
    }
}
