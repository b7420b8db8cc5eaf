package org.dualform.safetensors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's own message for a file that is not there is its path alone, which tells nobody what is wrong. */
class UnreadableFileTest {
    @TempDir
    Path folder;

    @Test
    void theReasonIsSaid() {
        Path gone = folder.resolve("gone.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(gone, "Save it again."))
                .isInstanceOf(UserException.class)
                .hasMessage("The file " + gone + " cannot be read: it does not exist. Save it again.");
    }
}
