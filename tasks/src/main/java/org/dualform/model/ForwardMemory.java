package org.dualform.model;

import java.util.stream.IntStream;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.Norm;
import org.dualform.model.part.QueryKeyNorm;
import org.dualform.model.part.Residual;

/**
 * Estimates the most bytes that a forward pass in single precision holds at one time. It counts the arrays that {@link
 * Decoder} and {@link Attention} make, as if a block kept all of them until its end. They free or overwrite some of them
 * earlier, and compute the scores of a long prompt in parts, so a pass needs less than is stated. If those classes make
 * other arrays, this count must change too.
 *
 * <p>Legend: B rows, T tokens of a row, P tokens of the prefix, S = P + T, L layers, H query heads, d width, f width of
 * the feed-forward part, V vocabulary.
 */
public record ForwardMemory(Architecture architecture) {
    private static final long FLOAT_BYTES = 4;
    /** Bytes of the Java process, the engine and their code. */
    private static final long PROCESS = 400_000_000;
    /**
     * Factor for memory that the allocator holds beside arrays. It was measured at 0.3 to 0.6 of the arrays. Weights do
     * not need it.
     */
    private static final double ALLOCATOR = 1.7;
    /** Arrays of its argument's size that a norm makes which is not the engine's own. */
    private static final long COMPOSED_NORM = 4;
    /** Arrays of its argument's size that a soft cap makes. */
    private static final long CAP = 3;
    /** Arrays of the size of the logits in training: logits, softmax, and the gradient of each. */
    private static final long TRAINED_LOGITS = 4;

    /**
     * The most bytes that a process of one task holds.
     *
     * @param weights bytes of the model
     * @param arrays the most bytes of other arrays at one time
     */
    public static long ofProcess(long weights, long arrays) {
        return PROCESS + weights + (long) Math.ceil(ALLOCATOR * arrays);
    }

    /**
     * Bytes of the keys and values of a prefix.
     *
     * @param longest the length of the longest sequence that begins with it
     */
    public long cache(long prefix, long longest) {
        Architecture.Sizes s = architecture.sizes();
        long forms = longest > architecture.rotaries().limit() ? 2 : 1;
        return forms * FLOAT_BYTES * 2 * s.layers() * s.kvWidth() * prefix;
    }

    /**
     * Bytes for {@code rows} sequences of {@code tokens} tokens each after a common prefix, without the prefix's cache,
     * and for the head at {@code read} positions.
     */
    public long inference(long rows, long tokens, long prefix, long read) {
        Architecture.Sizes s = architecture.sizes();
        long stream = s.width() * rows * tokens;
        long head = (s.embedding() + Math.max(2L, 1L + scaledLogits()) * s.vocabulary()) * read;
        return FLOAT_BYTES * Math.max(stream + block(rows, tokens, prefix), head);
    }

    /** Bytes for the forward and backward pass of one sequence. Its graph keeps everything that the blocks make. */
    public long training(long tokens) {
        Architecture.Sizes s = architecture.sizes();
        long graph = (s.layers() + 2L) * block(1, tokens, 0);
        return FLOAT_BYTES * (graph + (TRAINED_LOGITS + 2 * scaledLogits()) * s.vocabulary() * tokens);
    }

    /** The number of arrays of the logits' size that are made of what the head returns. */
    private long scaledLogits() {
        Architecture.Ends ends = architecture.ends();
        return (ends.logitScale() == 1 ? 0 : 1) + (ends.logitCap() == null ? 0 : CAP);
    }

    /** Number of elements in the arrays of one block. */
    private long block(long rows, long tokens, long prefix) {
        Architecture.Sizes s = architecture.sizes();
        long all = prefix + tokens;
        // With ALiBi every head has its own mask of the own columns, and a row for those of the prefix.
        long masks = 2 * tokens * all + (architecture.alibi() == null ? 0 : s.heads() * (tokens * tokens + all));
        long average = averages() ? tokens * tokens : 0;
        return rows * tokens * (besideScores(s) + s.heads() * scores(tokens, prefix)) + masks + average;
    }

    /**
     * Number of elements for one token and head: its own scores, the masked ones and their softmax; with a prefix, also
     * the prefix's part, both joined, and copies.
     */
    private long scores(long tokens, long prefix) {
        long cap = architecture.scaling().scoreCap() == null ? 0 : CAP;
        // The sum of shares and weights of a moving average is one array more.
        if (averages()) cap += 1;
        if (prefix == 0) return (3 + cap) * tokens;
        boolean hidden = architecture.alibi() != null
                || IntStream.range(0, architecture.sizes().layers())
                        .anyMatch(layer -> architecture.windows().of(layer) < prefix + tokens);
        return (5 + cap) * tokens + ((hidden ? 5 : 4) + cap) * prefix;
    }

    /**
     * Number of elements for one token outside the scores: norms, projections, rotation, mixing, the feed-forward part
     * and sums.
     */
    private long besideScores(Architecture.Sizes s) {
        long norm = architecture.norm() instanceof Norm.Layer layer && layer.learned() ? 1 : COMPOSED_NORM;
        long projected = (long) s.queryWidth() + 2L * s.kvWidth();
        long turned = (long) s.queryWidth() + s.kvWidth();
        long copies = rotated() + (architecture.queryKeyNorm() == QueryKeyNorm.NONE ? 0 : COMPOSED_NORM);
        boolean grouped = s.heads() != s.kvHeads();
        long mixing = (grouped ? 8L : 6L) * s.queryWidth();
        // A gated part has a second product. It is always counted, since an architecture does not say.
        long inside = (activation() + 3L) * s.feedForward();
        long norms = architecture.residual() == Residual.SANDWICH_NORM ? 4 : 2;
        long carried = architecture.momentum() == null ? 0 : 3;
        long sums = (architecture.scaling().residual() == 1 ? 4 : 6) + carried;
        return norms * norm * s.width() + projected + copies * turned + mixing + inside + sums * s.width();
    }

    private boolean averages() {
        Momentum momentum = architecture.momentum();
        return momentum != null && momentum.averagesValues();
    }

    /** The number of arrays of its argument's size that rotation makes. */
    private long rotated() {
        return architecture.rotaries().forms().stream()
                .flatMap(form -> form.byLayer().stream())
                .mapToLong(rotary -> rotary.dimensions() == 0
                        ? 0
                        : switch (rotary.pairing()) {
                            case HALVES -> 4;
                            case NEIGHBOURS -> 5;
                        })
                .max()
                .orElse(0);
    }

    /** The number of arrays of its argument's size that the activation makes. */
    private int activation() {
        return switch (architecture.activation()) {
            case RELU, GELU -> 1;
            case SILU -> 2;
            case GELU_TANH -> 6;
        };
    }
}
