package org.dualform.model.part.function;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dualform.model.LanguageModel;

/** Legend: T tokens, hd width of a head, r dimensions that are rotated. */
class RotaryTest {
    private static final int TOKENS = 4;

    /** The two pairings differ by the order of the dimensions alone. */
    @Property(tries = 40)
    void neighboursAreHalvesInAnotherOrder(
            @ForAll @IntRange(min = 1, max = 5) int half, @ForAll @IntRange(max = 3) int rest, @ForAll long seed) {
        Random random = new Random(seed);
        List<Float> frequencies =
                IntStream.range(0, half).mapToObj(i -> random.nextFloat()).toList();
        int headDim = 2 * half + rest;
        long[] sorted = IntStream.range(0, headDim)
                .mapToLong(i -> i < half ? 2L * i : i < 2 * half ? 2L * (i - half) + 1 : i)
                .toArray();
        try (NDManager manager = LanguageModel.newManager()) {
            Shape shape = new Shape(2, 3, TOKENS, headDim);
            double[] values = DoubleStream.generate(random::nextGaussian)
                    .limit(shape.size())
                    .toArray();
            NDArray x = manager.create(values, shape);
            NDIndex order = new NDIndex(":, :, :, {}", manager.create(sorted));
            NDArray neighbours = turned(manager, new Rotary(frequencies, 1.5, Rotary.Pairing.NEIGHBOURS), x);
            NDArray halves = turned(manager, new Rotary(frequencies, 1.5), x.get(order));
            assertThat(neighbours.getShape()).isEqualTo(shape);
            assertThat(neighbours.get(order).toDoubleArray()).isEqualTo(halves.toDoubleArray());
            assertThat(neighbours.sub(x).abs().max().getDouble()).isPositive();
        }
    }

    private static NDArray turned(NDManager manager, Rotary rotary, NDArray x) {
        return rotary.apply(rotary.angles(manager, 7, TOKENS, DataType.FLOAT64), x);
    }
}
