package org.dualform.dev.bench.benchmark;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.ChildProcess;
import org.dualform.dev.bench.measure.PeerModel;
import org.dualform.dev.bench.measure.Peers;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.measure.Turns;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.MatrixPeak;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.infer.Prediction;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Linear;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * Measures one model folder on all cores in wall time: prefix and queries, a sweep over shot counts, fine-tuning, memory
 * and prefill, in turns with transformers.
 */
public final class ModelBenchmark implements Benchmark {
    private static final int TOKENS = 512;
    private static final int RECOMPUTED = 1;
    private static final double ALLOWANCE = 300e6;
    private static final double SAME_SCORE = 1e-3;
    private static final List<Integer> SHOTS = List.of(0, 1, 2, 4, 8);
    private static final int SWEPT = 16;

    private final Path folder;
    private final int threads;

    /** @param threads the number of threads of both sides; the engine of this process has to be set to it */
    public ModelBenchmark(Path folder, int threads) {
        this.folder = folder;
        this.threads = threads;
    }

    @Override
    public String name() {
        return Objects.requireNonNull(folder.toAbsolutePath().normalize().getFileName(), folder.toString())
                .toString();
    }

    @Override
    public String description() {
        return "wall time with " + threads + " threads for every side, in turns. " + PrefixBenchmark.QUERIES
                + " queries of 21 to 29 tokens on a prefix of about 900, prefill included (whole sequences: on "
                + RECOMPUTED + " query, times " + PrefixBenchmark.QUERIES / RECOMPUTED + "); " + SWEPT
                + " queries at shots " + SHOTS + " of 60 tokens; training steps on demonstrations of 55 to 75 tokens;"
                + " the memory of a process that runs the first of these; a prompt of " + TOKENS + " tokens";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        List<Ratio> ratios = new ArrayList<>();
        try (LanguageModel model = LanguageModel.open(folder);
                NDManager owner = model.manager().newSubManager()) {
            int vocabulary = model.architecture().sizes().vocabulary();
            PromptSet prompts = PrefixBenchmark.prompts(vocabulary);
            TokenIds prompt = RandomPrompts.tokens(vocabulary, TOKENS);
            requirePositions(model.architecture().sizes().positions(), prompts);
            Turns turns = new Turns();
            if (bench.peers().isPresent()) {
                try (PeerModel peer = PeerModel.open(bench.peers().get().python(), job(prompts, prompt))) {
                    requireSameScores(peer, model, prompts);
                    ours(turns, owner, model, prompts, prompt);
                    for (String way : List.of("reused", "whole", "product", "prefill")) {
                        turns.add("their " + way, () -> peer.seconds(way));
                    }
                    turns.run(bench.rounds());
                }
                ratios.addAll(besidePeers(turns));
            } else {
                ours(turns, owner, model, prompts, prompt);
                turns.run(bench.rounds());
            }
            ratios.addAll(alone(turns, operations(model) / MatrixPeak.operations()));
            ratios.addAll(memory(model));
        }
        return ratios;
    }

    private void requirePositions(int positions, PromptSet prompts) {
        int longest = prompts.context().length()
                + prompts.queries().stream()
                        .mapToInt(query -> query.ids().length())
                        .max()
                        .orElseThrow();
        if (positions < longest) {
            throw UserException.data("The model " + folder + " has " + positions
                    + " positions, and the prompts that are measured have up to " + longest
                    + " tokens: choose a model of longer sequences.");
        }
    }

    private static void ours(Turns turns, NDManager owner, LanguageModel model, PromptSet prompts, TokenIds prompt) {
        int vocabulary = model.architecture().sizes().vocabulary();
        ShotSweep behind = new ShotSweep(prompts);
        turns.add("prefix", () -> BenchRun.sweep(model, behind, List.of(PrefixBenchmark.DEMONSTRATIONS)));
        ShotSweep sweep = new ShotSweep(RandomPrompts.of(vocabulary, 8, 60, 60, SWEPT));
        turns.add("sweep", () -> BenchRun.sweep(model, sweep, SHOTS));
        turns.add("separate", () -> SHOTS.forEach(k -> BenchRun.sweep(model, sweep, List.of(k))));
        PromptSet eight = RandomPrompts.of(vocabulary, 8, 55, 75, 1);
        turns.add("steps", () -> FineTuningBenchmark.train(model, eight, List.of(8)));
        turns.add("forwards", () -> FineTuningBenchmark.forwards(model, eight));
        turns.add("product", MatrixPeak.product(owner));
        turns.add("prefill", () -> Forward.last(model, prompt));
    }

    private static List<Ratio> besidePeers(Turns turns) {
        double all = (double) PrefixBenchmark.QUERIES / RECOMPUTED;
        Spread share = turns.ratio("product", "prefill");
        Spread theirs = turns.ratio("their product", "their prefill");
        return List.of(
                Ratio.atLeast(
                        1.5,
                        "transformers, prefix reused, head at the last token / ours",
                        turns.ratio("their reused", "prefix"),
                        turns.text("their reused", 1, "prefix")),
                Ratio.atLeast(
                        25,
                        "transformers, whole sequences, full logits / ours",
                        turns.ratio("their whole", "prefix").times(all),
                        turns.text("their whole", all, "prefix")),
                Ratio.told(
                        "prefill: share of the matrix peak / transformers' share of its own",
                        share.times(1 / theirs.median()),
                        turns.text("prefill", 1, "their prefill")));
    }

    private static List<Ratio> alone(Turns turns, double products) {
        return List.of(
                Ratio.told(
                        "separate runs at each shot count / one sweep",
                        turns.ratio("separate", "sweep"),
                        turns.text("separate", 1, "sweep")),
                Ratio.atMost(
                        2.2,
                        "fine-tuning: a step / its forward pass and loss",
                        turns.ratio("steps", "forwards"),
                        turns.text("steps", 1, "forwards")),
                Ratio.atLeast(
                        0.85,
                        "prefill: share of the matrix peak",
                        turns.ratio("product", "prefill").times(products),
                        turns.text("prefill", 1, "product")));
    }

    private List<Ratio> memory(LanguageModel model) {
        String[] told = ChildProcess.run(threads, MemoryBenchmark.Probe.class, folder.toString())
                .trim()
                .split(" ", -1);
        double peak = Double.parseDouble(told[0]);
        double weights = weightBytes(model);
        double cache = Double.parseDouble(told[2]);
        double chunk = chunkBytes(model.architecture().sizes());
        return List.of(Ratio.atMost(
                1,
                "memory: peak / (1.1 x (weights + cache + chunk) + 300 MB)",
                Spread.once(peak / (1.1 * (weights + cache + chunk) + ALLOWANCE)),
                String.format(
                        Locale.ROOT,
                        "%.0f MB / (%.0f MB weights, %.0f MB cache, %.0f MB chunk)",
                        peak / 1e6,
                        weights / 1e6,
                        cache / 1e6,
                        chunk / 1e6)));
    }

    /** Bytes of the weights in memory, which may be stored in fewer bits. */
    private static double weightBytes(LanguageModel model) {
        double[] bytes = {0};
        model.weights().map((name, role, array) -> {
            bytes[0] += (double) array.size() * array.getDataType().getNumOfBytes();
            return array;
        });
        return bytes[0];
    }

    /** As {@link MemoryBenchmark} counts a chunk: two arrays of scores and three of the feed-forward part, or logits. */
    private static double chunkBytes(Architecture.Sizes sizes) {
        double rows = QueryScorer.CHUNK_ROWS * 29.0;
        double scores = 2.0 * sizes.heads() * rows * 930;
        double inside = 3.0 * sizes.feedForward() * rows;
        double logits = 2.0 * QueryScorer.CHUNK_ROWS * sizes.vocabulary();
        return Float.BYTES * Math.max(scores + inside, logits);
    }

    /** Operations of the prefill, as {@code ModelShape} counts them, from the weights themselves. */
    private static double operations(LanguageModel model) {
        Architecture.Sizes sizes = model.architecture().sizes();
        double weights = model.weights().layers().stream()
                .flatMap(layer -> Stream.of(
                        layer.query(),
                        layer.key(),
                        layer.value(),
                        layer.output(),
                        layer.feedForward().gate(),
                        layer.feedForward().up(),
                        layer.feedForward().down()))
                .filter(Objects::nonNull)
                .mapToDouble(linear -> linear.weight().size())
                .sum();
        double attention = 4.0 * sizes.layers() * sizes.queryWidth() * TOKENS * TOKENS;
        Linear head = model.weights().head();
        return 2 * weights * TOKENS + attention + 2.0 * head.weight().size();
    }

    private ObjectNode job(PromptSet prompts, TokenIds prompt) {
        ObjectNode job = Json.mapper()
                .createObjectNode()
                .put("checkpoint", folder.toAbsolutePath().toString())
                .put("threads", threads)
                .put("recomputed", RECOMPUTED)
                .put("size", MatrixPeak.SIZE);
        job.set("ids", Peers.ids(prompt));
        job.set("context", Peers.ids(prompts.context()));
        prompts.queries().forEach(query -> job.withArray("queries").add(Peers.ids(query.ids())));
        prompts.labels().forEach(label -> job.withArray("labels").add(Peers.ids(label.ids())));
        return job;
    }

    /** A comparison of times says nothing unless both sides compute the same. */
    private static void requireSameScores(PeerModel peer, LanguageModel model, PromptSet prompts) {
        ShotSweep.Result swept = BenchRun.sweep(model, new ShotSweep(prompts), List.of(PrefixBenchmark.DEMONSTRATIONS));
        List<Prediction> ours = Objects.requireNonNull(swept.shots().get(PrefixBenchmark.DEMONSTRATIONS))
                .predictions();
        JsonNode theirs = peer.scores();
        double most = 0;
        int row = 0;
        for (Prediction prediction : ours) {
            for (int label = 0; label < prediction.scores().size(); label++) {
                most = Math.max(
                        most,
                        Math.abs(prediction.scores().get(label)
                                - theirs.path(row).path(label).asDouble(Double.NaN)));
            }
            row++;
        }
        if (!(most <= SAME_SCORE)) {
            throw new PermanentException(
                    "transformers scores the labels differently, by up to " + most
                            + " nats: the sides do not compute the same.",
                    null);
        }
    }
}
