package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.UserException;
import org.dualform.record.RecordAbout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that incomplete records, and records that do not belong together, are refused. The message says what is wrong
 * and what to do.
 */
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
                    .hasMessageContainingAll(
                            file.toString(), "cut short", bytes + " bytes", "Compute the records again");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            icl | "zsl.attn_out":{"dtype":"F32" | "zsl.attn_out":{"dtype":"I32" | have the type I32 for zsl.attn_out
            icl | "zsl.attn_out":{"dtype":"F32" | "zsl.attn_out":{"dtype":"F99" | has the unknown element type
            icl | "shape":[4,1,8] | "shape":[8,1,4] | have the shape [8, 1, 4] for zsl.attn_out instead of [4, 1, 8]
            icl | "shape":[4,1,8] | "shape":[4,1,9] | needs 144 bytes, but claims 128
            icl | "data_offsets":[128,288] | "data_offsets":[120,280] | overlaps zsl.attn_out
            icl | "zsl.query_scores" | "zsl.query_scared" | have no zsl.query_scores
            icl | "shape":"1,2,8,4" | "shape":"1,2,8,-" | give no list of numbers as their shape
            icl | "shape":"1,2,8,4" | "shape":"1,2,8" | need 4 numbers as their shape
            icl | "shape":"1,2,8,4" | "shape":"2,2,8,4" | have the shape
            icl | "shots":"3" | "shots":"x" | give no list of numbers as their shots
            icl | "query_lengths":"5,5,5,5" | "query_lengths":"5,5,5,6" | .query_scores instead of [42]
            ft | "ft.queries" | "ft.enquiry" | have no ft.queries
            ft | "__metadata__" | "__metamata__" | has the unknown element type
            training | "shape":"1,4" | "shape":"1,5" | for demonstrations.queries instead of
            training | "demonstration_tokens":"5,5,5" | "demonstration_tokens":"5,5" | for demonstrations.queries
            """, quoteCharacter = '`')
    void thoseWithAHeaderThatIsWrong(String which, String whole, String damaged, String message) throws IOException {
        write(records());
        Path file = folder.resolve(which + ".safetensors");
        replaceInHeader(file, whole, damaged);
        assertThatThrownBy(() -> records().open())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(file.toString(), message, "Compute the records again");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, 100_000_001, 1000_000})
    void thoseThatLieAboutTheirHeadersLength(long claimed) throws IOException {
        write(records());
        Path file = folder.resolve("ft.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed);
        Files.write(file, bytes);
        assertThatThrownBy(() -> records().open())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(file.toString(), "claims a header of", "Compute the records again");
    }

    /** Replaces the first such text in the header, and the header's length with it. */
    private static void replaceInHeader(Path file, String whole, String damaged) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        String text = new String(header, StandardCharsets.UTF_8);
        assertThat(text).contains(whole);
        byte[] other = text.replaceFirst(Pattern.quote(whole), Matcher.quoteReplacement(damaged))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(8 + other.length + bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, out.putLong(other.length).put(other).put(bytes).array());
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
