package org.dualform.task.source;

import java.util.stream.Stream;
import org.dualform.spec.arm.Tuning;

/**
 * What a token costs, in one unit: the forward pass of one token through the blocks, without the head. A query needs the
 * head at the positions that its label is read from, and a training needs it at every token whose loss counts. With a
 * vocabulary of 262,144 words the head has more numbers than all blocks together, so a token of training costs several
 * times what it costs in a small vocabulary.
 *
 * <p>A matrix of n numbers takes n multiplications for a token in a forward pass, n for the gradient of its input, and n for
 * its own gradient. The key and value projections learn from an array that is added to their outputs, so no matrix has a
 * gradient of its own unless all weights are trained.
 *
 * @param head the cost of the head at one position: its numbers divided by those of the blocks
 */
public record TokenWork(double head) {
    /**
     * A forward pass and the gradients of the inputs. The products take 2; the rest are element-wise steps backward and the
     * freeing of the graph, as {@code ./dualform bench finetune} measures them.
     */
    static final double STEP = 2.4;

    /** The same with the gradient of every matrix. */
    static final double STEP_OF_ALL = STEP + 1;

    /** The costs of a model. */
    public static TokenWork of(ModelFacts model) {
        long blocks = model.parameters() - model.vocabularyParameters();
        var sizes = model.architecture().sizes();
        double head = (double) sizes.vocabulary() * sizes.embedding();
        return new TokenWork(head / Math.max(1, blocks));
    }

    /**
     * Queries that are answered.
     *
     * @param tokens their tokens
     * @param scored the positions at which the head is computed
     */
    public long answers(long tokens, long scored) {
        return Math.round(tokens + head * scored);
    }

    /** Tokens whose loss is computed without a gradient. */
    public long losses(long tokens) {
        return Math.round(tokens * (1 + head));
    }

    /**
     * The steps of a training.
     *
     * @param tokens the tokens of each step
     * @param label the tokens of a label
     * @param layers the layers of the model; layer-causal training computes the head behind each
     */
    public long steps(Stream<Integer> tokens, Tuning tuning, long label, int layers) {
        double factor = tuning.scope() == Tuning.Scope.ALL ? STEP_OF_ALL : STEP;
        double all = tokens.mapToDouble(t -> t + head * heads(t, tuning, label, layers))
                .sum();
        return Math.round(factor * all);
    }

    private static double heads(int tokens, Tuning tuning, long label, int layers) {
        return switch (tuning.objective()) {
            case ALL_TOKENS -> tokens;
            case LABEL -> Math.min(label, tokens);
            case LAYER_CAUSAL -> (double) tokens * layers;
            case MEAN_PATCH, LEAST_SQUARES_PATCH -> 0;
        };
    }

    /** How many units a second are, where rows of {@code rowTokens} tokens with one position for the head take {@code rate} tokens a second. */
    public double inSecond(double rate, int rowTokens) {
        return rate * (1 + head / rowTokens);
    }
}
