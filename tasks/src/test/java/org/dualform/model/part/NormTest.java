package org.dualform.model.part;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.dualform.model.LanguageModel;
import org.junit.jupiter.api.Test;

/** Legend: H heads, B batch, T tokens, hd width of a head. */
class NormTest {
    private static final double EXACT = 1e-12;
    private static final Norm LAYER = new Norm.Layer(1e-3f);

    @Test
    void aWeightForEachHeadIsTheNormOfThatHeadAlone() {
        Random random = new Random(3);
        try (NDManager manager = LanguageModel.newManager()) {
            NDArray x = normal(manager, random, 3, 2, 4, 5); // (H, B, T, hd)
            Norm.Scale all = new Norm.Scale(normal(manager, random, 3, 5), normal(manager, random, 3, 5));
            NDArray together = LAYER.apply(all, x);
            assertThat(together.getShape()).isEqualTo(x.getShape());
            for (int h = 0; h < 3; h++) {
                Norm.Scale own = new Norm.Scale(all.weight().get(h), all.bias().get(h)); // (hd)
                assertThat(difference(together.get(h), LAYER.apply(own, x.get(h))))
                        .isLessThan(EXACT);
            }
        }
    }

    @Test
    void aWeightWithoutABiasIsOneWithABiasOfZero() {
        Random random = new Random(4);
        try (NDManager manager = LanguageModel.newManager()) {
            NDArray x = normal(manager, random, 2, 4, 5);
            NDArray weight = normal(manager, random, 5);
            NDArray zero = manager.zeros(new Shape(5), DataType.FLOAT64);
            assertThat(difference(
                            LAYER.apply(new Norm.Scale(weight, null), x), LAYER.apply(new Norm.Scale(weight, zero), x)))
                    .isLessThan(EXACT);
        }
    }

    private static NDArray normal(NDManager manager, Random random, long... shape) {
        Shape s = new Shape(shape);
        return manager.create(
                DoubleStream.generate(random::nextGaussian).limit(s.size()).toArray(), s);
    }

    private static double difference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getDouble();
    }
}
