package org.dualform.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.dualform.model.Decoder;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;
import org.dualform.model.part.function.Activation;

/**
 * A small decoder in fp64 whose layers have one head and no positions. Attention sees the residual stream as it is,
 * since norms come after it.
 *
 * <p>Legend: V vocabulary, D width, W width of the head, F width of the feed-forward part.
 */
record OneHead(Decoder decoder) {
    static final int VOCABULARY = 16;
    static final int WIDTH = 9;
    static final int HEAD = 7;
    private static final int INNER = 11;
    private static final int POSITIONS = 32;

    static OneHead random(NDManager manager, Random random, int layers) {
        List<LayerWeights> blocks = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            blocks.add(block(
                    linear(manager, random, HEAD, WIDTH),
                    linear(manager, random, HEAD, WIDTH),
                    linear(manager, random, HEAD, WIDTH),
                    new Linear(normal(manager, random, WIDTH, HEAD), null),
                    feedForward(manager, random)));
        }
        NDArray tokens = normal(manager, random, VOCABULARY, WIDTH);
        return of(
                tokens,
                blocks,
                HEAD,
                new Linear(normal(manager, random, VOCABULARY, WIDTH).div(WIDTH), null));
    }

    /**
     * Tokens are examples (x, y), the last one the query (x, 0); keys and queries are x, values y times {@code factor}.
     *
     * @param x (n, inputs)
     * @param y (n, D − inputs)
     * @param query (1, inputs)
     */
    static OneHead regression(NDManager manager, NDArray x, NDArray y, NDArray query, double factor) {
        int inputs = (int) x.getShape().get(1);
        int targets = WIDTH - inputs;
        NDArray last = query.concat(manager.zeros(new Shape(1, targets), DataType.FLOAT64), 1); // (1, D)
        NDArray tokens = x.concat(y, 1).concat(last, 0); // (n + 1, D)
        NDArray one = manager.eye(WIDTH, WIDTH, 0, DataType.FLOAT64);
        NDArray ofInputs = one.duplicate();
        ofInputs.set(new NDIndex("{}:", inputs), 0);
        NDArray ofTargets = one.sub(ofInputs).mul(factor);
        Linear asked = new Linear(ofInputs, null);
        LayerWeights block = block(
                asked, asked, new Linear(ofTargets, null), new Linear(one, null), feedForward(manager, new Random(1)));
        return of(tokens, List.of(block), WIDTH, new Linear(tokens, null));
    }

    private static OneHead of(NDArray tokens, List<LayerWeights> blocks, int head, Linear toLogits) {
        boolean biased = blocks.get(0).key().bias() != null;
        var sizes = new Architecture.Sizes(
                (int) tokens.getShape().get(0), WIDTH, blocks.size(), 1, 1, head, INNER, POSITIONS);
        Architecture architecture = Architecture.plain(
                        "one_head",
                        sizes,
                        new Norm.Layer(1e-5f, false),
                        null,
                        Activation.RELU,
                        Architecture.Scaling.PLAIN,
                        new Architecture.Biases(biased, false, false),
                        false)
                .withResidual(Residual.POST_NORM)
                .withFinalNorm(false);
        return new OneHead(new Decoder(architecture, new Weights(tokens, null, blocks, null, toLogits)));
    }

    private static LayerWeights block(Linear query, Linear key, Linear value, Linear output, FeedForward feedForward) {
        Norm.Scale plain = new Norm.Scale(null, null);
        return new LayerWeights(plain, query, key, value, output, null, null, plain, feedForward);
    }

    private static FeedForward feedForward(NDManager manager, Random random) {
        return new FeedForward(
                null,
                new Linear(normal(manager, random, INNER, WIDTH), null),
                new Linear(normal(manager, random, WIDTH, INNER), null));
    }

    private static Linear linear(NDManager manager, Random random, int out, int in) {
        return new Linear(normal(manager, random, out, in).div(Math.sqrt(in)), normal(manager, random, out));
    }

    static NDArray normal(NDManager manager, Random random, long... shape) {
        var s = new Shape(shape);
        return manager.create(
                DoubleStream.generate(random::nextGaussian).limit(s.size()).toArray(), s);
    }

    /** The same model with positions added to its embeddings. */
    Decoder withPositions(Random random) {
        Weights w = decoder.weights();
        NDArray table = normal(w.tokens().getManager(), random, POSITIONS, WIDTH);
        return new Decoder(
                decoder.architecture(),
                new Weights(w.tokens(), new Positions(table, true), w.layers(), null, w.head()));
    }

    /** (W, D). */
    NDArray value(int layer) {
        return decoder.weights().layers().get(layer).value().weight();
    }

    /** (W). */
    NDArray valueBias(int layer) {
        return Objects.requireNonNull(
                decoder.weights().layers().get(layer).value().bias());
    }

    /** (D, W). */
    NDArray output(int layer) {
        return decoder.weights().layers().get(layer).output().weight();
    }

    /** Of scores. */
    double factor(int layer) {
        return decoder.architecture()
                .scaling()
                .factor(layer, decoder.architecture().sizes().headDim());
    }
}
