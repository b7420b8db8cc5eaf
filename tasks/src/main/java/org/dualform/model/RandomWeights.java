package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.dualform.model.part.Role;
import org.dualform.model.part.WeightMapping;

/**
 * The weights of a model that was never trained, for the baselines of Deutch et al. 2024 (arXiv:2311.07772): matrices
 * and embeddings N(0, range), biases 0, norms 1. Each weight has its own generator, seeded by its name, so that equal
 * shapes give equal weights in every process. The algorithm of {@link Random} is part of Java's specification.
 *
 * @param manager owns the new weights
 * @param range the standard deviation
 * @param keepEmbeddings whether embeddings, head and norms stay the model's own
 */
record RandomWeights(NDManager manager, double range, boolean keepEmbeddings) implements WeightMapping {
    private static final long SEED = 0x756E747261696EL;

    @Override
    public NDArray apply(String name, Role role, NDArray weight) {
        Shape shape = weight.getShape();
        DataType type = weight.getDataType();
        return switch (role) {
            case EMBEDDING, HEAD -> keepEmbeddings ? weight : normal(name, shape, type);
            case NORM_SCALE -> keepEmbeddings ? weight : manager.ones(shape, type);
            case NORM_SHIFT -> keepEmbeddings ? weight : manager.zeros(shape, type);
            case BIAS -> manager.zeros(shape, type);
            case MATRIX -> normal(name, shape, type);
        };
    }

    private NDArray normal(String name, Shape shape, DataType type) {
        Random random = new Random(SEED ^ ((long) name.hashCode() << 32));
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) values[i] = (float) (range * random.nextGaussian());
        try (NDArray fromJava = manager.create(values, shape)) {
            // Copied into the engine's own memory, because rounding in products depends on the alignment of their
            // operands.
            return type == DataType.FLOAT32 ? fromJava.duplicate() : fromJava.toType(type, true);
        }
    }
}
