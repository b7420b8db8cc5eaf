package org.dualform.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsableFolderTest {
    @TempDir
    private Path folder;

    private static Optional<String> lack(Path folder) {
        return new UsableFolder("state folder", folder).lack();
    }

    @Test
    void aFolderThatServesIsLeftAsItWas() throws IOException {
        assertThat(lack(folder)).isEmpty();
        assertThat(lack(folder.resolve("a/b"))).isEmpty();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void everyFolderThatCannotServeIsNamedAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Home home = new Home(
                folder,
                file.resolve("state"),
                Map.of("DUALFORM_ENVIRONMENTS", folder.resolve("file/e").toString()));
        assertThatThrownBy(() -> UsableFolder.check(home)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG);
            assertThat(e.getMessage())
                    .contains("The state folder " + file + "/state cannot be made: " + file + " is a file.")
                    .contains("The folder of environments " + file + "/e cannot be made")
                    .contains("DUALFORM_HOME");
        });
    }

    @Test
    void aFolderOfAnotherUserIsNamed() throws IOException {
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.setPosixFilePermissions(others, Set.of());
        assumeThat(Files.isWritable(others))
                .as("an administrator may write everywhere")
                .isFalse();
        assertThat(lack(others).orElseThrow()).contains("No permission for " + others, "must be writable");
    }

    /** {@code /proc} is a folder in which even an administrator makes no file. */
    @Test
    void aFolderThatTakesNoFileIsNamed() {
        Path proc = Path.of("/proc/self");
        assumeThat(proc).exists();
        assertThat(lack(proc).orElseThrow()).contains("/proc/self");
    }
}
