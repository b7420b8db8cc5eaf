package org.dualform.regression;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dualform.contract.Progress;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;

/**
 * The sanity check on linear regression (von Oswald et al. 2023, arXiv:2212.07677; Akyürek et al. 2023, arXiv:2211.15661):
 * a layer that is set to one step of gradient descent, and layers that were trained on random regressions, beside ridge
 * regression and one step at the best rate.
 *
 * @param progress is told the steps of the trainings
 */
public record RegressionReport(Progress progress) {
    private static final int DIMENSIONS = 5;
    private static final double NOISE = 0.1;
    private static final List<Integer> EXAMPLES = List.of(2, 5, 10, 20);
    private static final List<Integer> LAYERS = List.of(1, 3);
    private static final int TESTED = 2000;
    /** Test tasks have numbers that no training reaches. */
    private static final long FIRST = 1L << 40;

    static final String ONE_STEP = "one step of gradient descent, one rate for all";
    static final String TRAINED = "trained linear attention, layers: ";
    static final String RIDGE = "ridge regression";

    private static RegressionTasks tasks() {
        return new RegressionTasks(20_262, DIMENSIONS, NOISE);
    }

    private static List<RegressionTasks.Task> tested(int examples) {
        return LongStream.range(FIRST, FIRST + TESTED)
                .mapToObj(index -> tasks().task(index, examples))
                .toList();
    }

    /** The largest difference between the constructed layer and the step itself, over the test tasks. */
    static double construction(DataType type, int examples, double rate, double... start) {
        List<RegressionTasks.Task> tasks = tested(examples);
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            LinearSelfAttention layer = LinearSelfAttention.oneStep(manager, type, rate, start);
            NDArray tokens = LinearSelfAttention.tokens(manager, type, tasks, start); // (B, N, D)
            NDArray predicted = LinearSelfAttention.predict(List.of(layer), tokens); // (B)
            double[] ours = predicted.toType(DataType.FLOAT64, true).toDoubleArray();
            return IntStream.range(0, ours.length)
                    .mapToDouble(i -> Math.abs(ours[i] - Regressors.oneStep(tasks.get(i), rate, start)))
                    .max()
                    .orElseThrow();
        }
    }

    private static double error(List<RegressionTasks.Task> tasks, ToDoubleFunction<RegressionTasks.Task> method) {
        return tasks.stream()
                .mapToDouble(task -> method.applyAsDouble(task) - task.y()[task.examples()])
                .map(e -> e * e)
                .average()
                .orElseThrow();
    }

    /** The rate of one step with the least mean error over all these tasks, of a fine grid. */
    private static double bestRate(List<List<RegressionTasks.Task>> tasks) {
        return IntStream.rangeClosed(1, 60)
                .mapToObj(i -> i * 0.025)
                .min((a, b) -> Double.compare(sum(steps(tasks, a)), sum(steps(tasks, b))))
                .orElseThrow();
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(value -> value).sum();
    }

    /** The errors of one step, one for each number of examples. */
    private static List<Double> steps(List<List<RegressionTasks.Task>> tasks, double rate) {
        double[] zero = new double[DIMENSIONS];
        return tasks.stream()
                .map(same -> error(same, task -> Regressors.oneStep(task, rate, zero)))
                .toList();
    }

    /** Mean squared errors on the query, by method, one for each number of examples. */
    Map<String, List<Double>> errors() {
        Map<String, List<Double>> errors = new LinkedHashMap<>();
        List<List<RegressionTasks.Task>> tasks =
                EXAMPLES.stream().map(RegressionReport::tested).toList();
        errors.put(
                "prediction 0",
                tasks.stream().map(same -> error(same, task -> 0)).toList());
        errors.put(ONE_STEP, steps(tasks, bestRate(tasks)));
        errors.put(
                "one step, the best rate for each number of examples",
                tasks.stream()
                        .map(same ->
                                steps(List.of(same), bestRate(List.of(same))).get(0))
                        .toList());
        for (int layers : LAYERS) errors.put(TRAINED + layers, trained(layers));
        errors.put(
                RIDGE,
                tasks.stream()
                        .map(same -> error(same, task -> Regressors.ridge(task, NOISE * NOISE * DIMENSIONS)))
                        .toList());
        return errors;
    }

    private List<Double> trained(int layers) {
        try (TrainedRegressor regressor = new TrainedRegressor(tasks(), layers)) {
            regressor.train(EXAMPLES, progress);
            List<Double> errors = new ArrayList<>();
            for (int examples : EXAMPLES) {
                List<RegressionTasks.Task> tasks = tested(examples);
                float[] predicted = regressor.predict(tasks);
                errors.add(IntStream.range(0, predicted.length)
                        .mapToDouble(i -> predicted[i] - tasks.get(i).y()[examples])
                        .map(e -> e * e)
                        .average()
                        .orElseThrow());
            }
            return errors;
        }
    }

    /** The section of the report. */
    public String markdown() {
        double[] start = {0.3, -0.2, 0.1, 0.5, -0.4};
        StringBuilder out = new StringBuilder("### Linear regression, as a check of the method\n\n");
        out.append(String.format(
                Locale.ROOT,
                "A layer of linear self-attention that is set to one step of gradient descent differs from that step by"
                        + " at most %.1e in single precision and %.1e in double (%d regressions in %d dimensions, 10"
                        + " examples each, from weights that are not 0).%n%n",
                construction(DataType.FLOAT32, 10, 0.5, start),
                construction(DataType.FLOAT64, 10, 0.5, start),
                TESTED,
                DIMENSIONS));
        out.append("| mean squared error on the query |");
        EXAMPLES.forEach(n -> out.append(" ").append(n).append(" examples |"));
        out.append("\n|---|").append("---|".repeat(EXAMPLES.size())).append("\n");
        errors().forEach((method, values) -> {
            out.append("| ").append(method).append(" |");
            values.forEach(value -> out.append(String.format(Locale.ROOT, " %.3f |", value)));
            out.append("\n");
        });
        out.append(String.format(
                Locale.ROOT,
                "%nw ~ N(0, I/d), d = %d, noise %.1f; %d test tasks, the same for all. The rates of one step are the"
                        + " best of 60, chosen on the test tasks themselves, which favours"
                        + " them. Ridge regression has the penalty that is optimal for these tasks.%n",
                DIMENSIONS,
                NOISE,
                TESTED));
        return out.toString();
    }
}
