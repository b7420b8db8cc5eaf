package org.dualform.dev.bench.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;

/** Checks how time grows: linearly in queries and in layers, and in tokens as the operations of attention predict. */
public final class GrowthBenchmark implements Benchmark {
    private static final double FIT = 0.98;

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String description() {
        return "the share of the variation of CPU time that a straight line explains: over queries, over layers, and"
                + " over the operations that a prompt's tokens need, including attention's quadratic part";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        List<Ratio> ratios = new ArrayList<>();
        ratios.add(fit(bench, "queries", List.of(16, 32, 64, 96, 128), n -> n, queries -> {
            LanguageModel model = bench.model(ModelShape.gpt2());
            ShotSweep sweep = new ShotSweep(RandomPrompts.of(ModelShape.gpt2(), 4, 63, 63, queries));
            return () -> BenchRun.sweep(model, sweep, List.of(4));
        }));
        ratios.add(fit(bench, "layers", List.of(2, 4, 6, 8, 10), n -> n, layers -> {
            ModelShape shape = ModelShape.gpt2(layers);
            LanguageModel model = bench.model(shape);
            return () -> Forward.last(model, RandomPrompts.tokens(shape, 256));
        }));
        ratios.add(fit(
                bench,
                "operations of 128 to 1024 tokens",
                List.of(128, 256, 512, 768, 1024),
                tokens -> ModelShape.gpt2().operations(tokens),
                tokens -> {
                    LanguageModel model = bench.model(ModelShape.gpt2());
                    return () -> Forward.last(model, RandomPrompts.tokens(ModelShape.gpt2(), tokens));
                }));
        return ratios;
    }

    private interface Work {
        Runnable at(int size);
    }

    private static Ratio fit(
            BenchRun bench, String what, List<Integer> sizes, IntToDoubleFunction predictor, Work work) {
        double[] x = sizes.stream().mapToInt(n -> n).mapToDouble(predictor).toArray();
        double[] y = sizes.stream()
                .mapToDouble(n -> Clock.CPU.rounds(bench.rounds(), work.at(n)).median())
                .toArray();
        String ends = String.format(Locale.ROOT, "%.3g s to %.3g s", y[0], y[y.length - 1]);
        return Ratio.atLeast(FIT, "linear in " + what + ": R²", Spread.once(determination(x, y)), ends);
    }

    /** The coefficient of determination, R², of the least-squares line of y on x. */
    static double determination(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return yy == 0 ? 1 : xy * xy / (xx * yy);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / values.length;
    }
}
