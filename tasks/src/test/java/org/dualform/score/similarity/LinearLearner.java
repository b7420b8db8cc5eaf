package org.dualform.score.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.dualform.base.SplitMix64;
import org.dualform.data.LabelledRow;
import org.dualform.record.Setting;
import org.dualform.score.result.ExampleOutcome;

/**
 * A task of two classes for which both methods are known exactly: linear attention to demonstrations (x', ±1) in context, one
 * explicit gradient step on them in fine-tuning. A row's class is the sign of its first input.
 */
final class LinearLearner {
    static final int WIDTH = 6;
    static final int DEMONSTRATIONS = 16;
    private static final double RATE = 0.1;
    /** Zero-shot's scores: it always answers with the first label. */
    private static final double PRIOR = 1e-6;

    private final double[][] inputs = new double[DEMONSTRATIONS][];
    private final double[] targets = new double[DEMONSTRATIONS];

    /** @param shown the label that a demonstration shows */
    LinearLearner(ToIntFunction<LabelledRow> shown) {
        for (int i = 0; i < DEMONSTRATIONS; i++) {
            inputs[i] = input(1000 + i, i % 2);
            targets[i] = sign(shown.applyAsInt(new LabelledRow("train/" + i, Map.of(), i % 2, "made")));
        }
    }

    private static double sign(int label) {
        return label == 0 ? 1 : -1;
    }

    private static double[] input(long stream, int label) {
        SplitMix64 random = SplitMix64.stream(stream, 0);
        double[] input = new double[WIDTH];
        for (int i = 0; i < WIDTH; i++) input[i] = 0.3 * random.nextGaussian();
        input[0] += sign(label);
        return input;
    }

    static int gold(int row) {
        return row % 2;
    }

    /** What a method adds to zero-shot's output at the place of the answer. */
    private double learned(Setting method, int row) {
        double[] query = input(5000 + row, gold(row));
        double learned = 0;
        if (method == Setting.ICL) {
            for (int e = 0; e < DEMONSTRATIONS; e++) learned += RATE * targets[e] * dot(inputs[e], query);
        } else if (method == Setting.FT) {
            double[] weight = new double[WIDTH]; // from 0, minus RATE times the gradient of ½ Σ (w x' − y)²
            for (int e = 0; e < DEMONSTRATIONS; e++)
                for (int i = 0; i < WIDTH; i++) weight[i] -= RATE * (0 - targets[e]) * inputs[e][i];
            learned = dot(weight, query);
        }
        return learned;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    /** Attention's output: something of its own at every place, and what was learned at the first. */
    double output(Setting setting, int row, int place) {
        double own = SplitMix64.stream(9000 + row, place).nextGaussian();
        return place == 0 ? own + learned(setting, row) : own;
    }

    /** Answers by the sign of what was learned. */
    List<ExampleOutcome> outcomes(Setting method, int rows) {
        List<ExampleOutcome> outcomes = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double score = PRIOR + learned(method, row);
            outcomes.add(new ExampleOutcome("r" + row, gold(row), score > 0 ? 0 : 1, List.of(score, -score)));
        }
        return outcomes;
    }
}
