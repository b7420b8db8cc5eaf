package org.dualform.model.part;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.LanguageModel;
import org.junit.jupiter.api.Test;

class ScaledTest {
    @Test
    void theGradientIsTheFactorEvenAfterACollectionOfGarbage() {
        try (NDManager manager = LanguageModel.newManager()) {
            for (int round = 0; round < 20; round++) {
                assertThat(gradient(manager)).containsExactly(0.125f, 0.125f);
            }
        }
    }

    private static float[] gradient(NDManager manager) {
        try (NDManager call = manager.newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray x = call.create(new float[] {3, 5});
            x.setRequiresGradient(true);
            NDArray sum = Scaled.times(x, 0.125).sum();
            overwriteWhatIsFree();
            collector.backward(sum);
            NDArray gradient = x.getGradient();
            gradient.attach(call);
            return gradient.toFloatArray();
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
