package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {
    private static final List<String> HEAD = List.of("data set", "shots", "ZSL", "ICL", "FT", "n");

    @Test
    void aTableThatFitsIsOne() {
        assertThat(table(42, "topics")).isEqualTo("""
                data set  shots   ZSL      ICL      FT   n
                ────────  ─────  ────  ───────  ──────  ──
                topics        2  50.0  [1, 99]  [3, 4]  40
                """);
    }

    @Test
    void oneThatIsTooWideIsSplitAndSaysWhatEachLineIsAbout() {
        assertThat(table(41, "topics")).isEqualTo("""
                data set  shots   ZSL      ICL      FT
                ────────  ─────  ────  ───────  ──────
                topics        2  50.0  [1, 99]  [3, 4]

                The same lines, further columns
                data set  shots   n
                ────────  ─────  ──
                topics        2  40
                """);
        assertThat(table(24, "topics").lines()).hasSize(3 * 4 + 2 * 3);
    }

    @Test
    void aLongNameIsCutInItsMiddleSoThatAColumnFitsBesideIt() {
        assertThat(table(31, "a-long-name-of-a-data-set flip=0.5").lines())
                .contains("a-long-…lip=0.5      2  50.0", "a-long-…lip=0.5      2  [1, 99]");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 200})
    void noLineIsWiderThanTheTerminal(int width) {
        assertThat(table(width, "a-long-name-of-a-data-set-in-a-folder flip=0.5")
                        .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
    }

    private static String table(int width, String name) {
        StringBuilder out = new StringBuilder();
        new TextTable(1, 2, width).append(out, HEAD, List.of(List.of(name, "2", "50.0", "[1, 99]", "[3, 4]", "40")));
        return out.toString();
    }
}
