package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    private Path folder;

    @Test
    void deletesAFolderWithEverythingInIt() throws IOException {
        Path tree = folder.resolve("tree");
        Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("file"), "text");
        Files.createDirectory(tree.resolve("empty"));
        FileTree.delete(tree);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void deletesLinksAndNotWhatTheyLeadTo() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "text");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        Files.createSymbolicLink(tree.resolve("dangling"), folder.resolve("nowhere"));
        FileTree.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(kept.resolve("file")).hasContent("text");
    }

    @Test
    void deletesALinkGivenAsTheFolderAndNotWhatItLeadsTo() throws IOException {
        Path kept =
                Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("file"), "text");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("kept"));
        FileTree.delete(link);
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(kept).hasContent("text");
    }

    @Test
    void aFolderThatIsGoneIsNoError() throws IOException {
        FileTree.delete(folder.resolve("gone"));
        assertThat(folder).isEmptyDirectory();
    }
}
