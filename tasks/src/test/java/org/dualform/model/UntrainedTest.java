package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.model.part.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntrainedTest {
    private record Named(Role role, float[] values) {}

    private static Map<String, Named> weights(LanguageModel model) {
        Map<String, Named> all = new TreeMap<>();
        model.weights().map((name, role, weight) -> {
            all.put(name, new Named(role, numbers(weight)));
            return weight;
        });
        return all;
    }

    private static float[] numbers(NDArray array) {
        return array.toFloatArray();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, false",
        "gpt2, true",
        "llama_gqa, false",
        "llama_gqa, true",
        "bloom, false",
        "stablelm_parallel, false",
        "gemma3_text, false",
        "gemma3_text, true",
        "olmo2, false"
    })
    void weightsAreRandomAndTheSameEveryTime(String name, boolean keep) {
        try (LanguageModel trained = LanguageModel.open(Assets.at("golden/" + name));
                LanguageModel one = LanguageModel.openUntrained(Assets.at("golden/" + name), keep, ComputeDevice.CPU);
                LanguageModel two = LanguageModel.openUntrained(Assets.at("golden/" + name), keep, ComputeDevice.CPU)) {
            double range = one.config().initializerRange();
            assertThat(one.weights().tied()).isEqualTo(trained.weights().tied());
            Map<String, Named> own = weights(trained);
            Map<String, Named> again = weights(two);
            weights(one).forEach((weight, random) -> {
                assertThat(random.values())
                        .as(weight)
                        .isEqualTo(again.get(weight).values());
                switch (random.role()) {
                    case BIAS -> assertThat(random.values()).containsOnly(0);
                    case NORM_SCALE, NORM_SHIFT, EMBEDDING, HEAD -> {
                        if (keep)
                            assertThat(random.values())
                                    .isEqualTo(own.get(weight).values());
                        else if (random.role() == Role.NORM_SCALE)
                            assertThat(random.values()).containsOnly(1);
                        else if (random.role() == Role.NORM_SHIFT)
                            assertThat(random.values()).containsOnly(0);
                        else assertNormal(random.values(), range);
                    }
                    case MATRIX -> assertNormal(random.values(), range);
                }
            });
        }
    }

    private static void assertNormal(float[] values, double range) {
        double[] x = new double[values.length];
        for (int i = 0; i < x.length; i++) x[i] = values[i];
        double mean = Arrays.stream(x).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(x).map(v -> v * v).average().orElseThrow());
        double error = 5 * range / Math.sqrt(x.length);
        assertThat(mean).isCloseTo(0, within(error));
        assertThat(deviation).isCloseTo(range, within(error));
    }
}
