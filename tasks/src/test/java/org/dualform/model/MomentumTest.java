package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.family.rms.MomentumLlama;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Momentum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That cached and cut prefixes give the same is tested for this family, as for all others, in {@link SharedPrefixTest}. */
class MomentumTest {
    private static final int VOCABULARY = 23;
    private static final long[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

    @ParameterizedTest
    @EnumSource
    void theModelIsCausalAndNoLlama(Momentum.Form form) {
        long[] other = IDS.clone();
        other[5] = 7;
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Decoder decoder = new Small(manager, form).decoder;
            NDArray a = decoder.hidden(manager, TokenBatch.row(manager, IDS)); // (1, T, d)
            NDArray b = decoder.hidden(manager, TokenBatch.row(manager, other)); // (1, T, d)
            assertThat(a.get("0, :5").contentEquals(b.get("0, :5"))).isTrue();
            assertThat(a.get("0, 5").contentEquals(b.get("0, 5"))).isFalse();
            NDArray plain = new Small(manager, null).decoder.hidden(manager, TokenBatch.row(manager, IDS)); // (1, T, d)
            assertThat(largest(a.sub(plain))).isGreaterThan(1e-3);
        }
    }

    /** Finite differences in double precision, at single weights of every kind. */
    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(Momentum.Form form) {
        try (NDManager manager = LanguageModel.newManager()) {
            Small model = new Small(manager, form);
            model.weights.values().forEach(w -> w.setRequiresGradient(true));
            try (NDScope scope = new NDScope();
                    GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                scope.suppressNotUsedWarning();
                collector.backward(loss(manager, model.decoder));
            }
            try (NoGrad off = new NoGrad()) {
                model.weights.forEach((name, weight) -> {
                    NDArray gradient = weight.getGradient().flatten();
                    int at = (int) (gradient.abs().argMax().getLong());
                    double step = 1e-5;
                    double slope = (moved(manager, model, weight, at, step) - moved(manager, model, weight, at, -step))
                            / (2 * step);
                    double own = gradient.getDouble(at);
                    assertThat(own).as(name).isCloseTo(slope, within(1e-7 + 1e-6 * Math.abs(slope)));
                    assertThat(Math.abs(own)).as(name).isGreaterThan(0);
                });
            }
        }
    }

    private static double moved(NDManager manager, Small model, NDArray weight, int at, double step) {
        double[] kept = weight.toDoubleArray();
        double[] changed = kept.clone();
        changed[at] += step;
        weight.set(changed);
        double loss = loss(manager, model.decoder).getDouble();
        weight.set(kept);
        return loss;
    }

    /** The mean log-likelihood of each next token. */
    private static NDArray loss(NDManager manager, Decoder decoder) {
        long[] inputs = Arrays.copyOf(IDS, IDS.length - 1);
        NDArray targets = manager.create(Arrays.copyOfRange(IDS, 1, IDS.length)).reshape(-1, 1); // (T, 1)
        NDArray hidden = decoder.hidden(manager, TokenBatch.row(manager, inputs)); // (1, T, d)
        NDArray logits = decoder.logits(manager, hidden.squeeze(0)); // (T, V)
        return logits.logSoftmax(-1).gather(targets, 1).mean();
    }

    @ParameterizedTest
    @EnumSource
    void aPassLeavesNoArrays(Momentum.Form form) {
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Decoder decoder = new Small(manager, form).decoder;
            int held = manager.getManagedArrays().size();
            try (NDManager call = manager.newSubManager();
                    PrefixCache cache = PrefixCache.prefill(decoder, call, IDS)) {
                decoder.hidden(call, TokenBatch.row(call, IDS), cache.cut(3), Probe.NONE);
            }
            assertThat(manager.getManagedArrays()).hasSize(held);
        }
    }

    /** The average is a part of the cache, and counted. */
    @Test
    void theCacheHoldsTheAverage() {
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad();
                PrefixCache plain = PrefixCache.prefill(new Small(manager, null).decoder, manager, IDS);
                PrefixCache averaged =
                        PrefixCache.prefill(new Small(manager, Momentum.Form.SUM).decoder, manager, IDS)) {
            int layers = 2;
            int width = 16;
            assertThat(averaged.bytes() - plain.bytes()).isEqualTo(8L * layers * width);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-0.1", "1.5", "\"0.9\"", "null"})
    void aDecayOutsideTheRangeIsRefused(String decay) throws Exception {
        ObjectNode config = Small.config(Momentum.Form.SUM);
        config.set(MomentumLlama.DECAY, Json.mapper().readTree(decay));
        assertThatThrownBy(() -> Families.architecture(new ModelConfig(config, "config.json")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"momentum_decay\" must be a number above 0 and below 1, but is " + decay);
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        ObjectNode config = Small.config(Momentum.Form.SUM);
        config.put(MomentumLlama.FORM, "nesterov").remove(MomentumLlama.DECAY);
        assertThatThrownBy(() -> Families.architecture(new ModelConfig(config, "config.json")))
                .hasMessageContaining("\"momentum\" must be one of sum, mean, residual, but is \"nesterov\"")
                .hasMessageContaining("\"momentum_decay\" must be a number above 0 and below 1, but is missing");
    }

    private static double largest(NDArray x) {
        return x.abs().max().getDouble();
    }

    /** Two blocks with weights drawn once, in double precision; without a form, the same weights as Llama. */
    private static final class Small {
        private final Map<String, NDArray> weights = new HashMap<>();
        private final Decoder decoder;

        Small(NDManager manager, Momentum.Form form) {
            ModelConfig config = new ModelConfig(config(form), "config.json");
            Architecture architecture = Families.architecture(config);
            Random random = new Random(7);
            TensorSource source = TensorSource.making((name, shape) -> {
                double[] values = random.doubles(shape.size(), -0.4, 0.4).toArray();
                if (shape.dimension() == 1) for (int i = 0; i < values.length; i++) values[i] += 1;
                NDArray weight = manager.create(values, shape).duplicate();
                weights.put(name, weight);
                return weight;
            });
            decoder = new Decoder(architecture, Families.of(config).weights(architecture, source));
        }

        static ObjectNode config(Momentum.Form form) {
            ObjectNode config = Json.mapper().createObjectNode();
            config.put("model_type", form == null ? "llama" : MomentumLlama.NAME)
                    .put("vocab_size", VOCABULARY);
            config.put("hidden_size", 16).put("num_attention_heads", 2).put("num_key_value_heads", 2);
            config.put("num_hidden_layers", 2).put("intermediate_size", 12).put("max_position_embeddings", 32);
            if (form == null) return config;
            return config.put(MomentumLlama.FORM, form.id()).put(MomentumLlama.DECAY, 0.9);
        }
    }
}
