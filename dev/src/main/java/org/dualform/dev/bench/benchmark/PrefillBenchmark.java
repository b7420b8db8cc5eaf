package org.dualform.dev.bench.benchmark;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.MatrixPeak;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.TokenIds;

/** Measures which share of the processor's matrix speed a forward pass over a long prompt reaches. */
public final class PrefillBenchmark implements Benchmark {
    private static final int TOKENS = 512;
    private static final Map<ModelShape, Double> BOUNDS = Map.of(ModelShape.gpt2(), 0.75, ModelShape.llama(), 0.80);

    @Override
    public String name() {
        return "prefill";
    }

    @Override
    public String description() {
        return "a forward pass over " + TOKENS + " tokens with the head at the last one, as a share of the speed of a"
                + " product of two " + MatrixPeak.SIZE + " x " + MatrixPeak.SIZE + " matrices in the same process";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        List<Ratio> ratios = new ArrayList<>();
        for (ModelShape shape : List.of(ModelShape.gpt2(), ModelShape.llama())) {
            LanguageModel model = bench.model(shape);
            Spread ours = share(bench, model, shape);
            double bound = BOUNDS.entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(shape.name()))
                    .mapToDouble(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
            ratios.add(Ratio.atLeast(bound, shape.name() + ": share of the matrix peak", ours, "own peak"));
            bench.peers().ifPresent(peers -> {
                Spread theirs = peers.measure("prefill", bench.checkpoint(shape), TOKENS)
                        .of("share");
                ratios.add(Ratio.atLeast(
                        1,
                        shape.name() + ": share / transformers' share",
                        new Spread(
                                ours.median() / theirs.median(),
                                ours.low() / theirs.high(),
                                ours.high() / theirs.low(),
                                ours.n()),
                        String.format(Locale.ROOT, "%.3g / %.3g", ours.median(), theirs.median())));
            });
            if (shape.name().equals(ModelShape.llama().name())) bench.release(shape);
        }
        return ratios;
    }

    private static Spread share(BenchRun bench, LanguageModel model, ModelShape shape) {
        TokenIds sequence = RandomPrompts.tokens(shape, TOKENS);
        try (NDManager owner = model.manager().newSubManager()) {
            Clock.Pair pair =
                    Clock.CPU.pair(bench.rounds(), MatrixPeak.product(owner), () -> Forward.last(model, sequence));
            return pair.ratio().times(shape.operations(TOKENS) / MatrixPeak.operations());
        }
    }
}
