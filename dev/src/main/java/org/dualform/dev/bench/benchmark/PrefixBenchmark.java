package org.dualform.dev.bench.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Peers;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;

/** Measures the time that the prefix cache saves. */
public final class PrefixBenchmark implements Benchmark {
    static final int DEMONSTRATIONS = 14;
    static final int QUERIES = 64;

    @Override
    public String name() {
        return "prefix";
    }

    @Override
    public String description() {
        return QUERIES
                + " queries of 21 to 29 tokens on a prefix of about 900 tokens, prefill included. The peers without a"
                + " cache are measured on " + Peers.RECOMPUTED + " queries, times " + QUERIES / Peers.RECOMPUTED;
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        ModelShape shape = ModelShape.gpt2();
        LanguageModel model = bench.model(shape);
        PromptSet prompts = prompts();
        ShotSweep sweep = new ShotSweep(prompts);
        Runnable cached = () -> BenchRun.sweep(model, sweep, List.of(DEMONSTRATIONS));
        Clock.Pair pair = Clock.CPU.pair(bench.rounds(), () -> recomputed(model, prompts), cached);
        double all = QUERIES / (double) Peers.RECOMPUTED;
        List<Ratio> ratios = new ArrayList<>();
        ratios.add(Ratio.atLeast(
                25,
                "recomputed with full logits / with the cache",
                pair.ratio().times(all),
                seconds(pair.first().median() * all, pair.second())));
        bench.peers().ifPresent(peers -> {
            Peers.Measured theirs = peers.measure("prefix", bench.checkpoint(shape), prompts);
            Spread ours = pair.second();
            ratios.add(against(25, "transformers, whole sequences, full logits / ours", theirs, "whole", ours));
            ratios.add(
                    against(1.5, "transformers, prefix reused, head at the last token / ours", theirs, "reused", ours));
            ratios.add(against(20, "lm-evaluation-harness, batch 1 / ours", theirs, "harness", ours));
        });
        return ratios;
    }

    static PromptSet prompts() {
        return prompts(ModelShape.gpt2().vocabulary());
    }

    static PromptSet prompts(int vocabulary) {
        return RandomPrompts.of(vocabulary, DEMONSTRATIONS, 63, 63, QUERIES);
    }

    private static Ratio against(double bound, String what, Peers.Measured theirs, String key, Spread ours) {
        Spread peer = theirs.of(key);
        Spread ratio =
                new Spread(peer.median() / ours.median(), peer.low() / ours.high(), peer.high() / ours.low(), peer.n());
        return Ratio.atLeast(bound, what, ratio, seconds(peer.median(), ours));
    }

    private static String seconds(double peer, Spread ours) {
        return String.format(Locale.ROOT, "%.3g s / %.3g s", peer, ours.median());
    }

    private static void recomputed(LanguageModel model, PromptSet prompts) {
        prompts.queries()
                .subList(0, Peers.RECOMPUTED)
                .forEach(query -> Forward.everywhere(model, prompts.context().then(query.ids())));
    }
}
