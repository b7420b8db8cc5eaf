package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dualform.contract.UserException;
import org.dualform.record.RecordAbout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are not whole, or not each other's, are refused by what is wrong with them, with the way out. */
class RefusedRecordsTest {
    private static final MadeRecords.Numbers NOUGHT = (setting, row, layer, place) -> 0;

    @TempDir
    Path folder;

    private MadeRecords records() {
        return new MadeRecords(folder, 4, 1, 2, 8, 5, 3);
    }

    private static void write(MadeRecords records) {
        records.write(NOUGHT, NOUGHT, NOUGHT, NOUGHT, NOUGHT);
    }

    @ParameterizedTest
    @CsvSource({
        "other,p,predict,unrotated,3,another model (other)",
        "m,other,predict,unrotated,3,another set of prompts (other)",
        "m,p,official,unrotated,3,another position (official)",
        "m,p,predict,rotated,3,another kind of queries (rotated)",
        "m,p,predict,unrotated,2,another number of demonstrations (2)"
    })
    void thoseOfSomethingElse(
            String model, String prompts, String position, String queries, int shots, String message) {
        RecordAbout other = new RecordAbout(model, prompts, position, queries, shots);
        assertThatThrownBy(() -> write(records().about(other, MadeRecords.ABOUT)))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("The records of ft belong to " + message, "Clear the tasks");
        assertThatThrownBy(() -> write(records().about(MadeRecords.ABOUT, other)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The records of training belong to " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"icl", "ft", "training"})
    void thoseCutShort(String which) throws IOException {
        write(records());
        Path file = folder.resolve(which + ".safetensors");
        long whole = Files.size(file);
        for (long bytes : new long[] {whole - 1, 40, 3, 0}) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(bytes);
            }
            assertThatThrownBy(() -> records().open())
                    .as("%d of %d bytes", bytes, whole)
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll(file.toString(), "cut short", bytes + " bytes", "Compute them again");
        }
    }

    @Test
    void thoseThatAreGone() throws IOException {
        write(records());
        Files.delete(folder.resolve("ft.safetensors"));
        assertThatThrownBy(() -> records().open())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be read");
    }
}
