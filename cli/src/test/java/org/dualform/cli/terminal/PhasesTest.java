package org.dualform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.dualform.airflow.run.RunState;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.contract.ExitCode;
import org.junit.jupiter.api.Test;

class PhasesTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final Phases phases = new Phases(
            new Console(new PrintStream(said, true, StandardCharsets.UTF_8), false, () -> 80), 2, nanos::get);

    @Test
    void announcesEachPhaseAndListsTheirTimes() throws InterruptedException {
        phases.run("servers", "MLflow and Airflow", () -> nanos.addAndGet(2_500_000_000L));
        phases.run("experiment", "The experiment", () -> nanos.addAndGet(65_000_000_000L));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsSubsequence("[1/2] MLflow and Airflow", "[2/2] The experiment");
        assertThat(phases.table().lines().map(String::strip))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("servers").endsWith("2.5 s"),
                        line -> assertThat(line).startsWith("experiment").endsWith("1 min 05 s"),
                        line -> assertThat(line).startsWith("total").endsWith("1 min 07 s"));
    }

    @Test
    void aPhaseThatFailsIsListedToo() {
        assertThatThrownBy(() -> phases.run("servers", "MLflow and Airflow", () -> {
                    nanos.addAndGet(1_000_000_000L);
                    throw new IllegalStateException("port taken");
                }))
                .hasMessage("port taken");
        assertThat(phases.table()).contains("servers", "1.0 s");
    }

    @Test
    void onlyARunThatSucceededIsASuccess() {
        assertThat(RunOutcome.of(RunState.SUCCESS)).isEqualTo(ExitCode.DONE);
        assertThat(RunOutcome.of(RunState.FAILED)).isEqualTo(ExitCode.PERMANENT);
    }
}
