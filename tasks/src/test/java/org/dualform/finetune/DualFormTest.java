package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.Vector;

/**
 * Tests the identity that this package is based on (paper section 3, identity 1), in fp64 and without the engine. The
 * factors from a zero leaf at a projection's output give the same weights as dense autograd. The model has grouped
 * heads, positions in the keys and a causal softmax. It trains for several steps, each on the weights that the earlier
 * ones left.
 *
 * <p>Legend: T tokens, D width, G groups of keys and values, R query heads per group, W width of a head.
 */
class DualFormTest {
    private static final int D = 12;
    private static final int G = 2;
    private static final int R = 3;
    private static final int W = 4;
    private static final double RATE = 0.02;

    @Property(tries = 20)
    void factorsEqualDenseAutograd(@ForAll @IntRange(min = 1, max = 4) int steps, @ForAll long seed) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            var random = new Random(seed);
            NDArray queries = normal(manager, random, D, G * R * W);
            NDArray output = normal(manager, random, G * R * W, D);
            NDList start = new NDList(
                    normal(manager, random, G * W, D), // W_K
                    normal(manager, random, G * W, D), // W_V
                    normal(manager, random, G * W), // b_K
                    normal(manager, random, G * W)); // b_V
            NDList dense = copy(start);
            NDList sum = new NDList();
            start.forEach(parameter -> sum.add(manager.zeros(parameter.getShape(), DataType.FLOAT64)));

            for (int step = 0; step < steps; step++) {
                int tokens = 3 + random.nextInt(6);
                var layer = new Layer(
                        normal(manager, random, tokens, D),
                        queries,
                        normal(manager, random, tokens, G * W),
                        output,
                        normal(manager, random, tokens, D));
                denseStep(layer, dense);
                factoredStep(layer, start, sum);
            }
            for (int i = 0; i < start.size(); i++) {
                NDArray own = start.get(i).add(sum.get(i));
                assertThat(sum.get(i).abs().max().getDouble()).isGreaterThan(1e-6);
                assertThat(own.sub(dense.get(i)).abs().max().getDouble()
                                / dense.get(i).abs().max().getDouble())
                        .as("parameter %d", i)
                        .isLessThan(1e-12);
            }
        }
    }

    /** Plain SGD on the weights themselves. */
    private static void denseStep(Layer layer, NDList weights) {
        NDList leaves = copy(weights);
        leaves.forEach(leaf -> leaf.setRequiresGradient(true));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            collector.backward(layer.loss(layer.project(leaves, 0), layer.project(leaves, 1)));
        }
        for (int i = 0; i < weights.size(); i++) {
            weights.get(i).subi(leaves.get(i).getGradient().mul(RATE));
        }
    }

    /** The same step from gradients at the projections' outputs. */
    private static void factoredStep(Layer layer, NDList start, NDList sum) {
        NDList weights = new NDList();
        for (int i = 0; i < start.size(); i++) {
            weights.add(start.get(i).add(sum.get(i)));
        }
        NDList leaves = new NDList();
        for (int i = 0; i < 2; i++) {
            NDArray leaf =
                    layer.x.getManager().zeros(new Shape(layer.x.getShape().get(0), G * W), DataType.FLOAT64);
            leaf.setRequiresGradient(true);
            leaves.add(leaf);
        }
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            collector.backward(layer.loss(
                    layer.project(weights, 0).add(leaves.get(0)),
                    layer.project(weights, 1).add(leaves.get(1))));
        }
        int tokens = (int) layer.x.getShape().get(0);
        for (int i = 0; i < 2; i++) {
            NDArray errors = leaves.get(i).getGradient().mul(-RATE); // (T, G W)
            new Factored(errors, layer.x, List.of(tokens)).addTo(sum.get(i));
            new Vector(errors.sum(new int[] {0}, true)).addTo(sum.get(2 + i));
        }
    }

    /** An attention layer with a squared loss; x and target are (T, D), positions (T, G W) scale the keys. */
    private record Layer(NDArray x, NDArray queries, NDArray positions, NDArray output, NDArray target) {
        NDArray project(NDList weights, int which) {
            return x.matMul(weights.get(which).transpose()).add(weights.get(2 + which)); // (T, G W)
        }

        NDArray loss(NDArray k, NDArray v) {
            long tokens = x.getShape().get(0);
            NDArray q = x.matMul(queries.div(D)).reshape(tokens, G, R, W).transpose(1, 2, 0, 3); // (G, R, T, W)
            NDArray keys = k.mul(positions).reshape(tokens, G, 1, W).transpose(1, 2, 3, 0); // (G, 1, W, T)
            NDArray values = v.reshape(tokens, G, 1, W).transpose(1, 2, 0, 3); // (G, 1, T, W)
            NDArray future = x.getManager().arange((int) tokens);
            NDArray mask = future.expandDims(0).gt(future.expandDims(1)).toType(DataType.FLOAT64, false); // (T, T)
            NDArray scores = q.matMul(keys).div(Math.sqrt(W)).sub(mask.mul(1e9)); // (G, R, T, T)
            NDArray attended = scores.softmax(-1).matMul(values); // (G, R, T, W)
            NDArray y =
                    attended.transpose(2, 0, 1, 3).reshape(tokens, G * R * W).matMul(output); // (T, D)
            return y.div(Math.sqrt(G * R * W)).sub(target).square().mean();
        }
    }

    private static NDList copy(NDList arrays) {
        NDList copies = new NDList();
        arrays.forEach(array -> copies.add(array.duplicate()));
        return copies;
    }

    private static NDArray normal(NDManager manager, Random random, long... shape) {
        var s = new Shape(shape);
        return manager.create(
                DoubleStream.generate(random::nextGaussian).limit(s.size()).toArray(), s);
    }
}
