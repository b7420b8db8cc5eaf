package org.dualform.dev.bench.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Peers;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.infer.ShotSweep;
import org.dualform.model.ComputeDevice;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.prompt.PromptSet;

/**
 * Compares the same work on a graphics processor and on all cores of the CPU, in speed and in values. Shapes: T tokens,
 * V vocabulary, d width.
 */
public final class GpuBenchmark implements Benchmark {
    private static final int TOKENS = 512;
    private static final List<Integer> SHOTS = List.of(1, 2, 4, 8);

    @Override
    public String name() {
        return "gpu";
    }

    @Override
    public String description() {
        return "the first GPU compared with all cores of the CPU, in wall seconds and single precision: "
                + PrefixBenchmark.QUERIES + " queries on a prefix of about 900 tokens, and fine-tuning to " + SHOTS
                + ". Then transformers on the same GPU";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        ComputeDevice device = ComputeDevice.find("cuda");
        int threads = JniUtils.getNumThreads();
        JniUtils.setNumThreads(Runtime.getRuntime().availableProcessors());
        try {
            List<Ratio> ratios = new ArrayList<>();
            for (ModelShape shape : List.of(ModelShape.gpt2(), ModelShape.llama())) {
                try (LanguageModel onGpu = LanguageModel.open(bench.checkpoint(shape), DataType.FLOAT32, device)) {
                    measure(bench, shape, bench.model(shape), onGpu, ratios);
                }
                bench.release(shape);
            }
            return ratios;
        } finally {
            JniUtils.setNumThreads(threads);
        }
    }

    private static void measure(
            BenchRun bench, ModelShape shape, LanguageModel onCpu, LanguageModel onGpu, List<Ratio> ratios) {
        PromptSet prompts = RandomPrompts.of(shape, PrefixBenchmark.DEMONSTRATIONS, 63, 63, PrefixBenchmark.QUERIES);
        ShotSweep sweep = new ShotSweep(prompts);
        List<Integer> largest = List.of(PrefixBenchmark.DEMONSTRATIONS);
        Clock.Pair queries = Clock.WALL.pair(
                bench.rounds(),
                () -> BenchRun.sweep(onCpu, sweep, largest),
                () -> BenchRun.sweep(onGpu, sweep, largest));
        ratios.add(Ratio.told(shape.name() + ": queries, CPU / GPU", queries.ratio(), queries.seconds()));
        PromptSet eight = RandomPrompts.of(shape, 8, 55, 75, 1);
        Clock.Pair training = Clock.WALL.pair(
                bench.rounds(),
                () -> FineTuningBenchmark.train(onCpu, eight, SHOTS),
                () -> FineTuningBenchmark.train(onGpu, eight, SHOTS));
        ratios.add(Ratio.told(shape.name() + ": fine-tuning, CPU / GPU", training.ratio(), training.seconds()));
        ratios.add(difference(shape, onCpu, onGpu));
        if (shape.name().equals(ModelShape.gpt2().name())) {
            bench.peers().ifPresent(peers -> {
                Peers.Measured theirs = peers.onGpu(bench.checkpoint(shape), prompts);
                ratios.add(against("transformers, whole sequences, full logits", theirs.of("whole"), queries.second()));
                ratios.add(against("transformers, prefix reused", theirs.of("reused"), queries.second()));
            });
        }
    }

    private static Ratio against(String peer, Spread theirs, Spread ours) {
        return Ratio.told(
                ModelShape.gpt2().name() + ": queries, " + peer + " on the GPU / ours",
                new Spread(
                        theirs.median() / ours.median(),
                        theirs.low() / ours.high(),
                        theirs.high() / ours.low(),
                        theirs.n()),
                String.format(Locale.ROOT, "%.3g s / %.3g s", theirs.median(), ours.median()));
    }

    /** The largest difference between two logits, divided by the largest logit. */
    private static Ratio difference(ModelShape shape, LanguageModel onCpu, LanguageModel onGpu) {
        float[] cpu = logits(shape, onCpu);
        float[] gpu = logits(shape, onGpu);
        double most = 0;
        double largest = 0;
        for (int i = 0; i < cpu.length; i++) {
            most = Math.max(most, Math.abs((double) cpu[i] - gpu[i]));
            largest = Math.max(largest, Math.abs((double) cpu[i]));
        }
        return Ratio.told(
                shape.name() + ": greatest difference of a logit / greatest logit",
                Spread.once(most / largest),
                String.format(Locale.ROOT, "%.2g / %.3g", most, largest));
    }

    private static float[] logits(ModelShape shape, LanguageModel model) {
        int[] tokens = RandomPrompts.tokens(shape, TOKENS).toArray();
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) ids[i] = tokens[i];
        try (NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            return model.decoder().logits(call, hidden.get("0, -8:")).toFloatArray(); // (8, V)
        }
    }
}
