package org.dualform.cli.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.Progress;
import org.dualform.infer.ShotSweep;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/** What the prefix cache saves. */
final class Prefix implements Benchmark {
    private static final int QUERIES = 64;
    private static final int RECOMPUTED = 4;

    @Override
    public String name() {
        return "prefix";
    }

    @Override
    public String description() {
        return QUERIES
                + " queries of 21 to 29 tokens on a prefix of about 900, prefill counted, against the whole sequence"
                + " again for each query with logits at every position (measured on " + RECOMPUTED + " queries)";
    }

    @Override
    public List<Ratio> run(RandomGpt2 model) {
        PromptSet prompts = model.prompts(14, 63, 63, QUERIES);
        ShotSweep sweep = new ShotSweep(prompts);
        double cached = CpuClock.best(
                2, () -> sweep.run(model.manager(), model.decoder(), List.of(14), "icl", Progress.none()));
        double whole = 0;
        for (PromptSet.Query query : prompts.queries().subList(0, RECOMPUTED)) {
            whole += CpuClock.seconds(() -> whole(model, prompts.context().then(query.ids())));
        }
        double all = whole * QUERIES / RECOMPUTED;
        return List.of(Ratio.atLeast(
                25,
                "recomputed / with the cache",
                all / cached,
                String.format(Locale.ROOT, "%.1f s / %.1f s", all, cached)));
    }

    private static void whole(RandomGpt2 model, TokenIds sequence) {
        long[] ids = Arrays.stream(sequence.toArray()).asLongStream().toArray();
        try (NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            model.decoder().logits(call, hidden).logSoftmax(-1); // (1, T, V)
        }
    }
}
