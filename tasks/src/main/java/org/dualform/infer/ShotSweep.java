package org.dualform.infer;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collection;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.dualform.contract.Progress;
import org.dualform.model.Decoder;
import org.dualform.model.PrefixCache;
import org.dualform.prompt.PromptSet;

/**
 * Evaluates the same queries after one context that is cut at several lengths. One prefill of the longest context
 * serves all: attention is causal, so the cache of a shorter context is the beginning of the longer one's. The queries
 * themselves are run once for each length.
 */
public final class ShotSweep {
    /**
     * The results of a sweep.
     *
     * @param shots by true shot count
     * @param prefillSeconds the time of the one prefill, which all shot counts share
     */
    public record Result(Map<Integer, Shot> shots, double prefillSeconds) {
        public Result {
            shots = new TreeMap<>(shots);
        }
    }

    /**
     * The results of one shot count.
     *
     * @param contextTokens the number of tokens of the context, BOS included
     * @param predictions one for each query, in order
     * @param contentFree the predictions on content-free inputs, which do not count in the times
     * @param tokensPerQuery the mean length of a whole prompt: context and query
     * @param millisecondsPerQuery the mean time, without the shared prefill
     */
    public record Shot(
            int contextTokens,
            List<Prediction> predictions,
            List<Prediction> contentFree,
            double tokensPerQuery,
            double millisecondsPerQuery) {}

    private final PromptSet prompts;
    private final QueryScorer scorer;

    public ShotSweep(PromptSet prompts) {
        this(prompts, QueryScorer.CHUNK_ROWS);
    }

    /** @param chunkRows the number of rows run at once; it bears on the last bits of the scores */
    public ShotSweep(PromptSet prompts, int chunkRows) {
        this(prompts, new QueryScorer(Candidates.of(prompts), chunkRows));
    }

    private ShotSweep(PromptSet prompts, QueryScorer scorer) {
        this.prompts = prompts;
        this.scorer = scorer;
    }

    /** As above, with the candidates that are needed to record {@code token}. */
    public static ShotSweep recording(PromptSet prompts, RecordedToken token, int chunkRows) {
        return new ShotSweep(prompts, new QueryScorer(Candidates.of(prompts, token.official()), chunkRows));
    }

    /**
     * Evaluates the queries with each number of demonstrations in {@code shots}; 0 is zero-shot.
     *
     * @param manager the parent of all memory used; nothing is left in it
     * @param shots true shot counts, at least one; each is computed once
     * @param what the method's name in the progress, which counts queries
     */
    public Result run(NDManager manager, Decoder decoder, Collection<Integer> shots, String what, Progress progress) {
        return run(manager, decoder, shots, QueryOnlooker.OfSweep.NONE, what, progress);
    }

    /** As above, with an onlooker that sees the queries. */
    public Result run(
            NDManager manager,
            Decoder decoder,
            Collection<Integer> shots,
            QueryOnlooker.OfSweep onlooker,
            String what,
            Progress progress) {
        var counts = new TreeSet<Integer>(shots);
        int queries = prompts.queries().size();
        int total = counts.size() * queries;
        progress.at(what, 0, total);
        long start = System.nanoTime();
        Decoder fitting = forAllLengths(decoder, counts);
        try (PrefixCache cache = PrefixCache.prefill(fitting, manager, context(counts.last()))) {
            double prefillSeconds = (System.nanoTime() - start) / 1e9;
            var results = new TreeMap<Integer, Shot>();
            for (int k : counts) {
                int before = results.size() * queries;
                results.put(
                        k, shot(manager, fitting, cache, k, onlooker, done -> progress.at(what, before + done, total)));
            }
            return new Result(results, prefillSeconds);
        }
    }

    /**
     * The decoder for the sequences of a sweep. If the length bears on rotary positions, and all sequences are short or
     * all are long, the context is then read once and not twice.
     */
    private Decoder forAllLengths(Decoder decoder, SortedSet<Integer> counts) {
        IntSummaryStatistics queries = Stream.concat(prompts.queries().stream(), prompts.contentFree().stream())
                .mapToInt(scorer::tokens)
                .summaryStatistics();
        int limit = decoder.architecture().rotaries().limit();
        long shortest = prompts.boundaries().get(counts.first()) + (long) queries.getMin();
        long longest = prompts.boundaries().get(counts.last()) + (long) queries.getMax();
        return shortest > limit || longest <= limit ? decoder.forLength((int) longest) : decoder;
    }

    private Shot shot(
            NDManager manager,
            Decoder decoder,
            PrefixCache cache,
            int shots,
            QueryOnlooker.OfSweep onlooker,
            IntConsumer done) {
        long start = System.nanoTime();
        int contextTokens = prompts.boundaries().get(shots);
        try (PrefixCache prefix = cache.cut(contextTokens)) {
            List<Prediction> predictions =
                    scorer.score(manager, decoder, prefix, prompts.queries(), onlooker.at(shots, contextTokens), done);
            double milliseconds = (System.nanoTime() - start) / 1e6;
            int queries = Math.max(1, predictions.size());
            double queryTokens = prompts.queries().stream()
                    .mapToInt(query -> query.ids().length())
                    .average()
                    .orElse(0);
            List<Prediction> contentFree =
                    scorer.score(manager, decoder, prefix, prompts.contentFree(), finished -> {});
            return new Shot(
                    contextTokens, predictions, contentFree, contextTokens + queryTokens, milliseconds / queries);
        }
    }

    private long[] context(int shots) {
        return Arrays.stream(prompts.context(shots).toArray()).asLongStream().toArray();
    }
}
