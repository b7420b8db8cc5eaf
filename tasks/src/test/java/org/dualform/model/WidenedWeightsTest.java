package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;

/** Weights that are converted while loading, instead of mapped, hold the file's values. */
class WidenedWeightsTest {
    @Test
    void sixteenBitsAndDoublesAreTheFilesValues() {
        try (LanguageModel half = LanguageModel.open(Assets.at("models/stories15M"));
                LanguageModel single = LanguageModel.open(Assets.at("golden/llama"));
                LanguageModel twice = LanguageModel.open(Assets.at("golden/llama"), DataType.FLOAT64)) {
            assertThat(half.weights().tokens().get("0:2").abs().max().getFloat())
                    .isBetween(0.01f, 10f);
            NDArray widened = twice.weights().tokens();
            assertThat(widened.sub(single.weights().tokens().toType(DataType.FLOAT64, false))
                            .abs()
                            .max()
                            .getDouble())
                    .isZero();
            assertThat(widened.abs().max().getDouble()).isPositive();
        }
    }
}
