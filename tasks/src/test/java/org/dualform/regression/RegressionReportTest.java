package org.dualform.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegressionReportTest {
    private static final double[] START = {0.3, -0.2, 0.1, 0.5, -0.4};

    @Test
    void aLayerSetToOneStepIsThatStep() {
        assertThat(RegressionReport.construction(DataType.FLOAT32, 10, 0.5, START))
                .isLessThan(1e-6);
        assertThat(RegressionReport.construction(DataType.FLOAT64, 10, 0.5, START))
                .isLessThan(1e-12);
        assertThat(RegressionReport.construction(DataType.FLOAT64, 3, 0.1, new double[5]))
                .isLessThan(1e-12);
    }

    /** With as many examples as unknowns, no noise and hardly a penalty, ridge regression finds the line itself. */
    @Test
    void ridgeSolvesWhatIsDetermined() {
        RegressionTasks.Task task = new RegressionTasks(3, 4, 0).task(1, 8);
        assertThat(Regressors.ridge(task, 1e-12)).isCloseTo(task.y()[8], within(1e-6));
        assertThat(Regressors.ridge(task, 1e12)).isCloseTo(0, within(1e-6));
    }

    @Test
    @Tag("slow")
    void trainedLayersLieBetweenOneStepAndRidge() {
        Map<String, List<Double>> errors = new RegressionReport(Progress.none()).errors();
        double step = mean(errors, RegressionReport.ONE_STEP);
        double one = mean(errors, RegressionReport.TRAINED + 1);
        double three = mean(errors, RegressionReport.TRAINED + 3);
        double ridge = mean(errors, RegressionReport.RIDGE);
        assertThat(one).isCloseTo(step, within(0.15 * step));
        assertThat(three).isLessThan(0.9 * one).isGreaterThan(ridge);
    }

    private static double mean(Map<String, List<Double>> errors, String method) {
        return Objects.requireNonNull(errors.get(method)).stream()
                .mapToDouble(error -> error)
                .average()
                .orElseThrow();
    }
}
