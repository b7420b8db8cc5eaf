package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.dualform.contract.Json;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.junit.jupiter.api.Test;

/** Legend: T tokens, d width. */
class NormedResidualTest {
    private static final double EXACT = 1e-12;

    /** Both parts of a block are added to what they read: the output of their norm. */
    @Test
    void aBlockAddsToTheOutputsOfItsNorms() {
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Decoder decoder = decoder(manager);
            Architecture architecture = decoder.architecture();
            assertThat(architecture.residual()).isEqualTo(Residual.NORMED);
            Seen seen = new Seen(manager);
            decoder.hidden(manager, TokenBatch.row(manager, new long[] {3, 1, 4, 1, 5}), null, seen);
            Norm norm = architecture.norm();
            for (int layer = 0; layer < architecture.sizes().layers(); layer++) {
                LayerWeights w = decoder.weights().layers().get(layer);
                NDArray read = norm.apply(w.attentionNorm(), seen.streams.get(layer)); // (1, T, d)
                NDArray middle = read.add(seen.attended.get(layer)); // (1, T, d)
                NDArray fed = norm.apply(w.feedForwardNorm(), middle); // (1, T, d)
                NDArray expected = fed.add(w.feedForward().apply(architecture.activation(), fed)); // (1, T, d)
                assertThat(difference(seen.streams.get(layer + 1), expected)).isLessThan(EXACT);
                assertThat(difference(seen.streams.get(layer + 1), seen.streams.get(layer)))
                        .isPositive();
            }
        }
    }

    private static double difference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getDouble();
    }

    private static Decoder decoder(NDManager manager) {
        ObjectNode json = Json.mapper().createObjectNode().put("model_type", "bloom");
        json.put("vocab_size", 9).put("hidden_size", 12).put("n_head", 3).put("n_layer", 2);
        json.put("apply_residual_connection_post_layernorm", true);
        ModelConfig config = new ModelConfig(json, "config");
        Architecture architecture = Families.architecture(config);
        Random random = new Random(1);
        TensorSource source = TensorSource.making((name, shape) -> manager.create(
                DoubleStream.generate(random::nextGaussian).limit(shape.size()).toArray(), shape));
        return new Decoder(architecture, Families.of(config).weights(architecture, source));
    }

    /** Keeps copies of the residual stream and of what attention adds. */
    private static final class Seen implements Probe {
        private final NDManager manager;
        private final List<NDArray> streams = new ArrayList<>();
        private final List<NDArray> attended = new ArrayList<>();

        Seen(NDManager manager) {
            this.manager = manager;
        }

        @Override
        public void residual(int layer, NDArray x) {
            streams.add(Probe.keep(manager, x.duplicate()));
        }

        @Override
        public void attentionOutput(int layer, NDArray a) {
            attended.add(Probe.keep(manager, a.duplicate()));
        }
    }
}
