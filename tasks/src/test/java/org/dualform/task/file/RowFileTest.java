package org.dualform.task.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.base.Sha256;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.task.parameters.Source;
import org.dualform.task.store.WorkerName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a task reads the rows that were planned, and no others. */
class RowFileTest {
    @TempDir
    Path folder;

    @Test
    void otherBytesThanThePlannedOnesAreRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("rows.json"), "{\"topics\": {\"evaluation\": [2, 0]}}");
        Source planned = new Source("rows.json", file, Sha256.hex(file), Optional.empty());
        assertThatCode(() -> RowFile.read(planned)).doesNotThrowAnyException();
        Files.writeString(file, "{\"topics\": {\"evaluation\": [2, 1]}}");
        assertThatThrownBy(() -> RowFile.read(planned))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                .hasMessageContainingAll("changed since the plan was made", planned.sha256(), WorkerName.get());
    }
}
