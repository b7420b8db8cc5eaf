package org.dualform.task.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
}
