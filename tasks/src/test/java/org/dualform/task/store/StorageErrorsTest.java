package org.dualform.task.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageErrorsTest {
    @TempDir
    Path folder;

    private DualformException explain(IOException e) {
        return StorageErrors.explain(e, folder);
    }

    /** What the system says when a file is written. */
    private static IOException writing(Path file) {
        return catchThrowableOfType(IOException.class, () -> Files.writeString(file, ""));
    }

    @Test
    void aFullDiskFailsForGoodAndSaysHowMuchIsLeft() {
        DualformException e = explain(new IOException("No space left on device"));
        assertThat(e.exitCode()).isEqualTo(ExitCode.PERMANENT);
        assertThat(e.getMessage()).contains(folder.toString()).containsPattern("\\d+ of \\d+ MiB left");
    }

    @Test
    void aMissingPermissionIsConfigurationAndTheRestMayPass() {
        assertThat(explain(new AccessDeniedException("/x")).exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(explain(new IOException("Input/output error")).exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
    }

    @Test
    void aFileThatVanishedFromTheWorkspaceIsNamedAsTheWorkspaceAlone() throws IOException {
        Path file = folder.resolve("tmp/0123.4567/curves.png");
        DualformException files = explain(writing(file));
        assertThat(files.exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(files.getMessage())
                .startsWith("Files of the workspace " + folder + " were deleted by another program")
                .contains("run the same again")
                .doesNotContain("curves.png", "0123");
        Files.delete(folder);
        assertThat(explain(writing(file)).getMessage()).startsWith("The workspace " + folder + " was deleted");
        Files.createDirectory(folder);
    }

    @Test
    void aFileElsewhereThatVanishedIsNamed() {
        Path model = folder.resolveSibling("no-such-model/weights");
        DualformException e = explain(writing(model));
        assertThat(e.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(e.getMessage()).startsWith(model + " does not exist");
    }

    @Test
    void aFolderInTheWayOfAFileAndAFileInTheWayOfAFolderAreNamed() throws IOException {
        Path blocked = Files.createDirectory(folder.resolve("results.json"));
        DualformException file = explain(writing(blocked));
        assertThat(file.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(file.getMessage())
                .isEqualTo(blocked + " is a folder, and a file is needed there. Move the folder away.");
        Path plain = Files.writeString(folder.resolve("plain"), "");
        String needed = plain + " is a file, and a folder is needed there. Move the file away, or name another folder.";
        assertThat(explain(writing(plain.resolve("x"))).getMessage()).isEqualTo(needed);
        IOException made = catchThrowableOfType(IOException.class, () -> Files.createDirectories(plain));
        assertThat(explain(made).getMessage()).isEqualTo(needed);
    }

    @Test
    void aFileSystemThatIsMountedReadOnlyIsNamed() {
        DualformException e = explain(new IOException("Read-only file system"));
        assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(e.getMessage()).contains("the workspace " + folder, "read-only");
    }
}
