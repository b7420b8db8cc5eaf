package org.dualform.dev.bench.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.infer.Candidates;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.model.PrefixCache;
import org.dualform.prompt.PromptSet;

/** Compares a sweep over shot counts with the part of its work that cannot be shared between shot counts. */
public final class SweepBenchmark implements Benchmark {
    private static final List<Integer> SHORT = List.of(0, 1, 2, 4, 8);
    private static final List<Integer> LONG = List.of(0, 1, 2, 4, 8, 16, 32);
    private static final int QUERIES = 32;

    @Override
    public String name() {
        return "sweep";
    }

    @Override
    public String description() {
        return QUERIES + " queries at several shot counts in one sweep, compared with three others: one prefill of the"
                + " longest context plus the query passes at each count; a separate run for each count; whole"
                + " sequences with full logits for each query and count (measured on one query per count, times "
                + QUERIES + ")";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        List<Ratio> ratios = new ArrayList<>();
        ratios.addAll(sweep(bench, SHORT, RandomPrompts.of(ModelShape.gpt2(), 8, 90, 110, QUERIES)));
        ratios.addAll(sweep(bench, LONG, RandomPrompts.of(ModelShape.gpt2(), 32, 22, 30, QUERIES)));
        return ratios;
    }

    private static List<Ratio> sweep(BenchRun bench, List<Integer> shots, PromptSet prompts) {
        LanguageModel model = bench.model(ModelShape.gpt2());
        ShotSweep sweep = new ShotSweep(prompts);
        Runnable swept = () -> BenchRun.sweep(model, sweep, shots);
        Clock.Pair parts = Clock.CPU.pair(bench.rounds(), swept, () -> parts(model, prompts, shots));
        Clock.Pair separate = Clock.CPU.pair(
                bench.rounds(), () -> shots.forEach(k -> BenchRun.sweep(model, sweep, List.of(k))), swept);
        double whole = Clock.CPU.seconds(() -> shots.forEach(k -> Forward.everywhere(
                        model,
                        prompts.context(k)
                                .then(prompts.queries().get(k % QUERIES).ids()))))
                * QUERIES;
        String name = "shots " + shots + ": ";
        return List.of(
                Ratio.atMost(1.05, name + "sweep / (prefill + query passes)", parts.ratio(), parts.seconds()),
                Ratio.told(name + "separate runs / sweep", separate.ratio(), separate.seconds()),
                Ratio.told(
                        name + "whole sequences with full logits / sweep",
                        Spread.once(whole / parts.first().median()),
                        String.format(
                                java.util.Locale.ROOT,
                                "%.3g s / %.3g s",
                                whole,
                                parts.first().median())));
    }

    /** Does only that part of the work. */
    private static void parts(LanguageModel model, PromptSet prompts, List<Integer> shots) {
        long[] context =
                Arrays.stream(prompts.context().toArray()).asLongStream().toArray();
        QueryScorer scorer = new QueryScorer(Candidates.of(prompts));
        try (PrefixCache cache = PrefixCache.prefill(model.decoder(), model.manager(), context)) {
            for (int k : shots) {
                try (PrefixCache cut = cache.cut(prompts.boundaries().get(k))) {
                    scorer.score(model.manager(), model.decoder(), cut, prompts.queries(), done -> {});
                }
            }
        }
    }
}
