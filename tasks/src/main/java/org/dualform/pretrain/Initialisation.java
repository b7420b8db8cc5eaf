package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dualform.base.SplitMix64;

/**
 * The usual random initialisation of a decoder: embedding N(0, 0.02), matrices N(0, 1/fan-in), divided by √(2 · layers)
 * for matrices that write into the residual stream, and norms 1. Each tensor has its own stream of random numbers,
 * seeded by its name.
 *
 * <p>Every tensor lies in memory that the engine allocated. Rounding in matrix products depends on the alignment of
 * their operands, and Java's memory is aligned differently in every process.
 */
final class Initialisation {
    private static final double EMBEDDING = 0.02;

    private final NDManager manager;
    private final long seed;
    private final int layers;

    /** @param manager owns the tensors */
    Initialisation(NDManager manager, long seed, int layers) {
        this.manager = manager;
        this.seed = seed;
        this.layers = layers;
    }

    NDArray tensor(String name, Shape shape) {
        if (shape.dimension() == 1) {
            return manager.ones(shape);
        }
        SplitMix64 random = SplitMix64.stream(~seed, name.hashCode());
        double deviation = deviation(name, shape);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        try (NDArray fromJava = manager.create(values, shape)) {
            return fromJava.duplicate();
        }
    }

    /** The standard deviation for a weight of shape (out, in). */
    private double deviation(String name, Shape shape) {
        if (name.endsWith("embed_tokens.weight")) {
            return EMBEDDING;
        }
        double fanIn = 1 / Math.sqrt((double) shape.get(1));
        boolean intoResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
        return intoResidual ? fanIn / Math.sqrt(2.0 * layers) : fanIn;
    }
}
