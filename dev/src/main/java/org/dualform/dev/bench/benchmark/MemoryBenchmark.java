package org.dualform.dev.bench.benchmark;

import java.util.List;
import java.util.Locale;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.ChildProcess;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.ResidentMemory;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.ShotSweep;
import org.dualform.model.ForwardMemory;
import org.dualform.model.LanguageModel;
import org.dualform.model.PrefixCache;
import org.dualform.prompt.PromptSet;

/** Compares the peak memory of a process that runs one sweep with the least memory that a sweep needs. */
public final class MemoryBenchmark implements Benchmark {
    private static final double ALLOWANCE = 400e6;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String description() {
        return "peak resident memory of a process that sweeps " + PrefixBenchmark.QUERIES
                + " queries behind a prefix of about 900 tokens, including JVM and engine, compared with the bytes of"
                + " weights, cache and one chunk of activations";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        ModelShape shape = ModelShape.gpt2();
        var folder = bench.checkpoint(shape);
        double[] peaks = new double[bench.rounds()];
        long weights = 0;
        long cache = 0;
        long stated = 0;
        for (int i = 0; i < peaks.length; i++) {
            String[] told =
                    ChildProcess.run(Probe.class, folder.toString()).trim().split(" ", -1);
            peaks[i] = Long.parseLong(told[0]);
            weights = Long.parseLong(told[1]);
            cache = Long.parseLong(told[2]);
            stated = Long.parseLong(told[3]);
        }
        Spread peak = Spread.of(peaks);
        double chunk = chunkBytes(shape);
        String sides = String.format(
                Locale.ROOT,
                "%.0f MB / (%.0f MB weights, %.0f MB cache, %.0f MB chunk)",
                peak.median() / 1e6,
                weights / 1e6,
                cache / 1e6,
                chunk / 1e6);
        return List.of(
                Ratio.atMost(
                        1,
                        "peak / (1.15 x (weights + cache + chunk) + 400 MB)",
                        peak.times(1 / (1.15 * (weights + cache + chunk) + ALLOWANCE)),
                        sides),
                Ratio.atMost(
                        1,
                        "peak / (1.2 x (weights + cache) + 400 MB)",
                        peak.times(1 / (1.2 * (weights + cache) + ALLOWANCE)),
                        sides),
                Ratio.atMost(
                        1,
                        "peak / what plan states",
                        peak.times(1.0 / stated),
                        String.format(Locale.ROOT, "%.0f MB / %.0f MB", peak.median() / 1e6, stated / 1e6)));
    }

    /**
     * Bytes of one chunk's intermediate arrays: attention's scores and weights, the hidden layer of the feed-forward
     * part, and the head's logits with their softmax.
     */
    private static double chunkBytes(ModelShape shape) {
        double rows = QueryScorer.CHUNK_ROWS * 29.0;
        double scores = 2.0 * shape.sizes().heads() * rows * 930;
        double inside = 3.0 * 4 * shape.sizes().width() * rows;
        double logits = 2.0 * QueryScorer.CHUNK_ROWS * shape.vocabulary();
        return Float.BYTES * Math.max(scores + inside, logits);
    }

    /**
     * Runs one sweep in a process of its own. It prints its peak memory, the bytes of weights and cache, and the peak
     * that the plan predicts.
     */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) {
            try (LanguageModel model = LanguageModel.open(java.nio.file.Path.of(args[0]))) {
                PromptSet prompts =
                        PrefixBenchmark.prompts(model.architecture().sizes().vocabulary());
                BenchRun.sweep(model, new ShotSweep(prompts), List.of(PrefixBenchmark.DEMONSTRATIONS));
                long peak = ResidentMemory.peak();
                long[] one = {0};
                try (PrefixCache cache = PrefixCache.prefill(model.decoder(), model.manager(), one)) {
                    long bytes = cache.bytes() * prompts.context().length();
                    long weights = ResidentMemory.fileBytes(model);
                    System.out.println(peak + " " + weights + " " + bytes + " " + stated(model, weights, prompts));
                }
            }
        }

        private static long stated(LanguageModel model, long weights, PromptSet prompts) {
            ForwardMemory forward = new ForwardMemory(model.architecture());
            int context = prompts.context().length();
            long prefill = forward.inference(1, context, 0, 0);
            long chunk = forward.inference(QueryScorer.CHUNK_ROWS, 30, context, QueryScorer.CHUNK_ROWS);
            return ForwardMemory.ofProcess(weights, forward.cache(context, context + 30) + Math.max(prefill, chunk));
        }
    }
}
