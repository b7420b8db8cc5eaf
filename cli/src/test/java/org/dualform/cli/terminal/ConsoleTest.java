package org.dualform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
    @Test
    void onATerminalALineThatStaysWipesTheOneThatChanges() {
        HeardConsole heard = new HeardConsole(true);
        heard.console().progress("10 %");
        heard.console().progress("20 %");
        heard.console().say("done");
        assertThat(heard.text()).isEqualTo("10 %\r    \r20 %\r    \rdone" + System.lineSeparator());
    }

    /** A line as wide as the terminal would scroll it, and what has scrolled cannot be wiped. */
    @ParameterizedTest
    @ValueSource(ints = {40, 80, 200})
    void onATerminalALongLineIsCutOneColumnBeforeItsEdge(int columns) {
        HeardConsole heard = new HeardConsole(true, columns);
        heard.console().progress("x".repeat(300));
        assertThat(heard.text()).isEqualTo("x".repeat(columns - 2) + "…");
        heard.console().clear();
        assertThat(heard.text()).endsWith("\r" + " ".repeat(columns - 1) + "\r");
        HeardConsole whole = new HeardConsole(true, columns);
        whole.console().progress("x".repeat(columns - 1));
        assertThat(whole.text()).isEqualTo("x".repeat(columns - 1));
    }

    @Test
    void theWidthIsWhatTheEnvironmentTellsAndFixedWithoutATerminal() {
        assertThat(TerminalWidth.ofOutput(Map.of("COLUMNS", "97"))).isEqualTo(118);
        assertThat(TerminalWidth.ofOutput(Map.of("COLUMNS", "97", "DUALFORM_OUT_TERMINAL", "yes")))
                .isEqualTo(97);
        assertThat(TerminalWidth.ofOutput(Map.of("COLUMNS", "7", "DUALFORM_OUT_TERMINAL", "yes")))
                .isEqualTo(40);
    }

    @Test
    void theSameProgressIsShownOnce() {
        HeardConsole heard = new HeardConsole(true);
        heard.console().progress("10 %");
        heard.console().progress("10 %");
        assertThat(heard.text()).isEqualTo("10 %");
    }

    @Test
    void inALogProgressIsRareAndNothingIsWiped() {
        HeardConsole heard = new HeardConsole(false);
        heard.console().progress("10 %");
        heard.console().progress("20 %");
        heard.console().clear();
        heard.console().say("done");
        assertThat(heard.text().lines()).containsExactly("10 %", "done");
        assertThat(heard.text()).doesNotContain("\r");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "4249, 4.2 s",
        "59949, 59.9 s",
        "59970, 1 min 00 s",
        "65000, 1 min 05 s",
        "3599990, 1 h 00 min",
        "7620000, 2 h 07 min",
        "90000000, 25 h 00 min"
    })
    void timesAreWrittenForPeople(long millis, String text) {
        assertThat(Console.seconds(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
