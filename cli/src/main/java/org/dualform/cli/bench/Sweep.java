package org.dualform.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.Progress;
import org.dualform.infer.Candidates;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.ShotSweep;
import org.dualform.model.PrefixCache;
import org.dualform.prompt.PromptSet;

/** What a sweep over shot counts costs beyond the work that cannot be shared. */
final class Sweep implements Benchmark {
    private static final List<Integer> SHOTS = List.of(0, 1, 2, 4, 8);
    private static final int QUERIES = 32;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "sweep";
    }

    @Override
    public String description() {
        return "shots " + SHOTS + " with " + QUERIES
                + " queries in one sweep, against one prefill of the longest context plus"
                + " the query passes at each count, and against a run of its own for each count";
    }

    @Override
    public List<Ratio> run(RandomGpt2 model) {
        PromptSet prompts = model.prompts(8, 90, 110, QUERIES);
        ShotSweep sweep = new ShotSweep(prompts);
        double swept = CpuClock.best(ROUNDS, () -> sweep(model, sweep, SHOTS));
        double parts = CpuClock.best(ROUNDS, () -> parts(model, prompts));
        double separate = CpuClock.best(1, () -> SHOTS.forEach(k -> sweep(model, sweep, List.of(k))));
        return List.of(
                Ratio.atMost(
                        1.05,
                        "sweep / (prefill + query passes)",
                        swept / parts,
                        String.format(Locale.ROOT, "%.1f s / %.1f s", swept, parts)),
                Ratio.told(
                        "separate runs / sweep",
                        separate / swept,
                        String.format(Locale.ROOT, "%.1f s / %.1f s", separate, swept)));
    }

    private static void sweep(RandomGpt2 model, ShotSweep sweep, List<Integer> shots) {
        sweep.run(model.manager(), model.decoder(), shots, "icl", Progress.none());
    }

    /** The work without anything around it. */
    private static void parts(RandomGpt2 model, PromptSet prompts) {
        long[] context =
                Arrays.stream(prompts.context().toArray()).asLongStream().toArray();
        QueryScorer scorer = new QueryScorer(Candidates.of(prompts));
        try (PrefixCache cache = PrefixCache.prefill(model.decoder(), model.manager(), context)) {
            for (int k : SHOTS) {
                try (PrefixCache cut = cache.cut(prompts.boundaries().get(k))) {
                    scorer.score(model.manager(), model.decoder(), cut, prompts.queries(), done -> {});
                }
            }
        }
    }
}
