package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;

/** Tests the bound on threads. No test starts as many as it forbids. */
class ComputeThreadsTest {
    @Test
    void theBoundGrowsWithTheMachine() {
        assertThat(ComputeThreads.most(1)).isEqualTo(64);
        assertThat(ComputeThreads.most(16)).isEqualTo(64);
        assertThat(ComputeThreads.most(100)).isEqualTo(400);
    }

    @Test
    void moreThanTheBoundIsAMistakeOfTheUser() {
        int tooMany = ComputeThreads.most() + 1;
        assertThatThrownBy(() -> ComputeThreads.set(tooMany))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("threads has to be at most " + (tooMany - 1) + " on this machine")
                .hasMessageContaining("not " + tooMany);
    }
}
