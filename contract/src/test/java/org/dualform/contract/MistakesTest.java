package org.dualform.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MistakesTest {
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);

    @Test
    void noMistakeIsNoError() {
        mistakes.collect(() -> {});
        assertThat(mistakes.isEmpty()).isTrue();
        assertThatCode(mistakes::throwIfAny).doesNotThrowAnyException();
    }

    @Test
    void allAreToldAtOnceAndEachOnce() {
        mistakes.add("No such model.");
        mistakes.collect(() -> {
            throw UserException.usage("No such template.");
        });
        mistakes.add("No such model.");
        assertThatThrownBy(mistakes::throwIfAny)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                .hasMessage("2 mistakes:\n  - No such model.\n  - No such template.");
    }

    @Test
    void oneIsToldWithoutAList() {
        mistakes.add("No such model.");
        assertThatThrownBy(mistakes::throwIfAny).hasMessage("No such model.");
    }

    @Test
    void aBugIsNoMistakeOfTheUser() {
        assertThatThrownBy(() -> mistakes.collect(() -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(mistakes.isEmpty()).isTrue();
    }
}
