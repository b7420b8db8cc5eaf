package org.dualform.model.part.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dualform.model.LanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScaledTest {
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void theGradientIsTheFactorEvenAfterACollectionOfGarbage(DataType type) {
        try (NDManager manager = LanguageModel.newManager()) {
            for (int round = 0; round < 20; round++) {
                assertThat(gradient(manager, type, x -> Scaled.times(x, 0.125))).containsExactly(0.125, 0.125);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void theGradientOfASoftCapIsRightEvenAfterACollectionOfGarbage(DataType type) {
        SoftCap cap = new SoftCap(4);
        try (NDManager manager = LanguageModel.newManager()) {
            for (int round = 0; round < 20; round++) {
                double[] gradient = gradient(manager, type, cap::apply);
                assertThat(gradient[0]).isCloseTo(1 - Math.pow(Math.tanh(3 / 4.0), 2), within(1e-6));
                assertThat(gradient[1]).isCloseTo(1 - Math.pow(Math.tanh(5 / 4.0), 2), within(1e-6));
            }
        }
    }

    /** The angles of a forward pass are closed when it ends, and its gradients are computed later. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void theGradientOfARotationIsRightEvenAfterACollectionOfGarbage(DataType type) {
        Rotary rotary = new Rotary(List.of(1f), 1);
        double[] expected = {Math.cos(1) + Math.sin(1), Math.cos(1) - Math.sin(1)};
        try (NDManager manager = LanguageModel.newManager()) {
            for (int round = 0; round < 20; round++) {
                double[] gradient = gradient(manager, type, x -> {
                    try (NDManager pass = x.getManager().newSubManager()) {
                        return rotary.apply(rotary.angles(pass, 1, 1, type), x.reshape(1, 2)); // (1, 2)
                    }
                });
                assertThat(gradient[0]).isCloseTo(expected[0], within(1e-6));
                assertThat(gradient[1]).isCloseTo(expected[1], within(1e-6));
            }
        }
    }

    /** The gradient of the sum of what is made of two numbers. */
    private static double[] gradient(NDManager manager, DataType type, UnaryOperator<NDArray> function) {
        try (NDManager call = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray x = call.create(new double[] {3, 5}).toType(type, false);
            x.setRequiresGradient(true);
            NDArray sum = function.apply(x).sum();
            overwriteWhatIsFree();
            collector.backward(sum);
            NDArray gradient = x.getGradient();
            gradient.attach(call);
            return gradient.toType(DataType.FLOAT64, false).toDoubleArray();
        }
    }

    /** Lets go of Java's memory outside the heap, and takes and fills as small pieces of it. */
    private static void overwriteWhatIsFree() {
        System.gc();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(i % 16 + 1);
            while (buffer.hasRemaining()) buffer.put((byte) 0x5a);
            buffers.add(buffer);
        }
        assertThat(buffers).hasSize(2000);
    }

    @Test
    void theResultHasItsOperandsTypeAlsoWithoutDimensions() {
        try (NDManager manager = LanguageModel.newManager();
                NDArray scalar = manager.create(3f);
                NDArray product = Scaled.times(scalar, 0.1)) {
            assertThat(product.getFloat()).isEqualTo(3f * 0.1f);
        }
    }
}
