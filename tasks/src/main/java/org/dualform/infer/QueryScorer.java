package org.dualform.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.dualform.infer.Candidates.Target;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.TokenBatch;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * Scores label words after queries that share a prefix.
 *
 * <p>Rows of similar length are run together, so that there is little padding. The head, and its softmax over the whole
 * vocabulary, is computed only at positions where a token is read.
 *
 * <p>Legend: B rows of a chunk, T tokens of its longest row, R positions that are read, e width of the head's input, V
 * vocabulary, N tokens that are read at a position.
 *
 * @param candidates the label words
 * @param chunkRows the number of rows run at once
 */
public record QueryScorer(Candidates candidates, int chunkRows) {
    /** The usual number of rows run at once: enough for full speed, and few enough for the processor's caches. */
    public static final int CHUNK_ROWS = 16;

    public QueryScorer(Candidates candidates) {
        this(candidates, CHUNK_ROWS);
    }

    /** A query followed by a continuation. */
    private record Row(int query, int continuation, TokenIds ids, int queryTokens) {}

    /**
     * Tokens of a query with its longest continuation. Where rotary positions depend on the length of the whole
     * sequence, this length decides for all labels of a query, so that their likelihoods compare.
     */
    int tokens(PromptSet.Query query) {
        return query.ids().length()
                + candidates.continuations().stream().mapToInt(List::size).max().orElse(0);
    }

    /**
     * Scores all label words after each query.
     *
     * @param manager the parent of all memory used; nothing is left in it
     * @param prefix the context
     * @param done called after each chunk with the number of finished queries; it stops the scoring by throwing
     * @return the predictions, in the queries' order
     */
    public List<Prediction> score(
            NDManager manager, Decoder decoder, PrefixCache prefix, List<PromptSet.Query> queries, IntConsumer done) {
        return score(manager, decoder, prefix, queries, QueryOnlooker.NONE, done);
    }

    /** As above, with an onlooker that sees every chunk. */
    public List<Prediction> score(
            NDManager manager,
            Decoder decoder,
            PrefixCache prefix,
            List<PromptSet.Query> queries,
            QueryOnlooker onlooker,
            IntConsumer done) {
        int room = decoder.architecture().rotaries().limit() - prefix.tokens();
        List<Row> rows = rows(queries, query -> tokens(query) <= room);
        var likelihoods = new ArrayList<List<double[]>>();
        queries.forEach(query -> likelihoods.add(candidates.labels().stream()
                .map(label -> new double[label.size()])
                .toList()));
        int[][] tops = new int[queries.size()][0];
        int finished = 0;
        for (List<Row> chunk : chunks(rows, row -> tokens(queries.get(row.query)) <= room)) {
            int whole = prefix.tokens() + tokens(queries.get(chunk.get(0).query));
            try (NDManager call = manager.newSubManager()) {
                run(call, decoder.forLength(whole), prefix, chunk, onlooker, likelihoods, tops);
            }
            finished += chunk.size();
            done.accept(finished / candidates.continuations().size());
        }
        var predictions = new ArrayList<Prediction>();
        for (int i = 0; i < queries.size(); i++) {
            predictions.add(Prediction.of(
                    queries.get(i),
                    likelihoods.get(i).stream()
                            .map(tokens -> Arrays.stream(tokens).boxed().toList())
                            .toList(),
                    Arrays.stream(tops[i]).boxed().toList()));
        }
        return predictions;
    }

    /**
     * Splits rows into chunks, none of which holds both short and long sequences.
     *
     * @param rows the short ones first
     */
    private List<List<Row>> chunks(List<Row> rows, Predicate<Row> isShort) {
        int boundary = (int) rows.stream().filter(isShort).count();
        var chunks = new ArrayList<List<Row>>();
        for (int start = 0;
                start < rows.size();
                start += chunks.get(chunks.size() - 1).size()) {
            int last = start < boundary ? boundary : rows.size();
            chunks.add(rows.subList(start, Math.min(start + chunkRows, last)));
        }
        return chunks;
    }

    /** Every query with every continuation: first the short sequences, and among equals the shortest first. */
    private List<Row> rows(List<PromptSet.Query> queries, Predicate<PromptSet.Query> isShort) {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < queries.size(); i++) {
            TokenIds query = queries.get(i).ids();
            for (int c = 0; c < candidates.continuations().size(); c++) {
                int[] continuation = candidates.continuations().get(c).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                rows.add(new Row(i, c, query.then(TokenIds.of(continuation)), query.length()));
            }
        }
        rows.sort(Comparator.comparing((Row row) -> !isShort.test(queries.get(row.query)))
                .thenComparingInt(row -> row.ids.length()));
        return rows;
    }

    /**
     * A token whose likelihood is read.
     *
     * @param position its position in the chunk (B·T)
     * @param index the index of the token in its label
     */
    private record Read(long position, int token, int query, int label, int index) {}

    /** Runs a chunk and writes what is read into {@code likelihoods}, by query, label and token. */
    private void run(
            NDManager call,
            Decoder decoder,
            PrefixCache prefix,
            List<Row> chunk,
            QueryOnlooker onlooker,
            List<List<double[]>> likelihoods,
            int[][] tops) {
        try (NoGrad off = new NoGrad()) {
            NDArray ids =
                    TokenBatch.padded(call, chunk.stream().map(QueryScorer::ids).toList()); // (B, T)
            List<Read> reads = reads(chunk, ids.getShape().get(1));
            long[] positions =
                    reads.stream().mapToLong(Read::position).distinct().toArray(); // R positions, ascending
            NDArray hidden = decoder.hiddenAt(call, ids, prefix, onlooker.chunk(seen(chunk)), positions); // (R, e)
            NDArray logits = decoder.logits(call, hidden); // (R, V)
            long vocabulary = logits.getShape().get(1);
            long[] cells = reads.stream()
                    .mapToLong(read -> Arrays.binarySearch(positions, read.position) * vocabulary + read.token)
                    .toArray();
            NDArray flat = logits.logSoftmax(-1).reshape(-1); // (R·V)
            NDArray chosen = flat.get(new NDIndex("{}", call.create(cells))); // one for each token that is read
            double[] values = chosen.toType(DataType.FLOAT64, false).toDoubleArray();
            keepTops(logits, positions, reads, tops);
            for (int i = 0; i < values.length; i++) {
                Read read = reads.get(i);
                likelihoods.get(read.query).get(read.label)[read.index] = values[i];
            }
        }
    }

    /** Keeps the most likely tokens right after each query, which is where a label's first token is read. */
    private static void keepTops(NDArray logits, long[] positions, List<Read> reads, int[][] tops) {
        int count = (int) Math.min(Prediction.TOP_TOKENS, logits.getShape().get(1));
        long[] ids = logits.topK(count, 1).get(1).toLongArray(); // (R, count)
        for (Read read : reads) {
            if (read.index != 0) continue;
            int from = Arrays.binarySearch(positions, read.position) * count;
            tops[read.query] = Arrays.stream(ids, from, from + count)
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
    }

    /** What to read from a chunk, ordered by position. */
    private List<Read> reads(List<Row> chunk, long longest) {
        var reads = new ArrayList<Read>();
        for (int b = 0; b < chunk.size(); b++) {
            Row row = chunk.get(b);
            for (int label = 0; label < candidates.targets().size(); label++) {
                List<Target> targets = candidates.targets().get(label);
                for (int i = 0; i < targets.size(); i++) {
                    Target target = targets.get(i);
                    if (target.continuation() == row.continuation) {
                        long position = b * longest + row.queryTokens - 1 + target.after();
                        reads.add(new Read(position, target.token(), row.query, label, i));
                    }
                }
            }
        }
        reads.sort(Comparator.comparingLong(Read::position));
        return reads;
    }

    private static List<QueryOnlooker.ChunkRow> seen(List<Row> chunk) {
        return chunk.stream()
                .map(row -> new QueryOnlooker.ChunkRow(row.query, row.continuation, row.queryTokens))
                .toList();
    }

    private static long[] ids(Row row) {
        return Arrays.stream(row.ids.toArray()).asLongStream().toArray();
    }
}
