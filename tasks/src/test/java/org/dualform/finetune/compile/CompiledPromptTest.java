package org.dualform.finetune.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.file.UpdateFiles;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.model.part.Weights;
import org.dualform.patch.Fit;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.spec.arm.Arm;
import org.dualform.theory.SmallDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Demonstrations that are written into weights. */
class CompiledPromptTest {
    private static final int DEMONSTRATIONS = 3;

    /** BOS 0, and demonstrations of two tokens, a label of one token and EOS 1. */
    private static PromptSet prompts(int firstLabel) {
        List<Integer> context = new ArrayList<>(List.of(0));
        List<Integer> boundaries = new ArrayList<>(List.of(1));
        List<PromptSet.Demonstration> demonstrations = new ArrayList<>();
        for (int i = 0; i < DEMONSTRATIONS; i++) {
            int label = i == 0 ? firstLabel : i % 2;
            context.addAll(List.of(5 + i, 20 - i, 30 + label, 1));
            boundaries.add(context.size());
            demonstrations.add(
                    new PromptSet.Demonstration("train/" + i, "", label, TokenIds.of(0, 5 + i, 20 - i, 30 + label), 1));
        }
        return new PromptSet(
                new PromptSet.TemplateUse("test", 1, "", false),
                0,
                1,
                64,
                0,
                8,
                List.of(new PromptSet.Label("a", "a", TokenIds.of(30)), new PromptSet.Label("b", "b", TokenIds.of(31))),
                TokenIds.of(context.stream().mapToInt(i -> i).toArray()),
                boundaries,
                List.of(),
                demonstrations,
                List.of(),
                List.of());
    }

    private static FineTuning tuner(Decoder decoder, String arm) {
        return new FineTuning(decoder, Arm.of(arm).tuning(), 1, prompts(0));
    }

    /** Only feed-forward parts change, at each count, and a file gives the same weights. */
    @ParameterizedTest
    @ValueSource(strings = {"patch=mean", "patch=least_squares"})
    void feedForwardPartsChangeAndAFileKeepsThem(String arm, @TempDir Path folder) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "gemma2", config -> {});
            FineTuning tuner = tuner(decoder, arm);
            List<Long> told = new ArrayList<>();
            WeightUpdate made = tuner.train(manager, List.of(1, 2, 3), 0.1, (what, done, total) -> told.add(done))
                    .update();
            assertThat(told).isSorted().endsWith(tuner.steps(List.of(1, 2, 3)));
            Path file = folder.resolve("update.safetensors");
            UpdateFiles.write(file, made);
            WeightUpdate read = UpdateFiles.read(manager, file);
            assertThat(read.shots()).containsExactly(1, 2, 3);
            assertThat(changed(decoder, read.at(manager, decoder.weights(), 1)))
                    .as("one demonstration leaves nothing to be its context")
                    .isEmpty();
            for (int k : List.of(2, 3)) {
                Map<String, Double> ofFile = changed(decoder, read.at(manager, decoder.weights(), k));
                assertThat(ofFile).isEqualTo(changed(decoder, made.at(manager, decoder.weights(), k)));
                int layers = decoder.weights().layers().size();
                assertThat(ofFile.keySet())
                        .hasSize(4 * layers)
                        .allMatch(name ->
                                name.matches("layers\\.\\d+\\.feed_forward(\\.(gate|up|down)|_output_norm)\\.weight"));
            }
            assertThat(tuner.stability(manager, made, List.of(2), 0.1, Progress.none()))
                    .as("there is no rate that could be unstable")
                    .isEmpty();
        }
    }

    /** A label bears on the other demonstrations as a part of their contexts, and not on its own one. */
    @Test
    void noDemonstrationIsShownItsOwnLabel() {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "llama", config -> {});
            NDArray right = differences(manager, decoder, 0);
            NDArray wrong = differences(manager, decoder, 1);
            assertThat(right.get("0").toDoubleArray())
                    .containsExactly(wrong.get("0").toDoubleArray());
            for (String other : List.of("1", "2")) {
                assertThat(right.get(other).sub(wrong.get(other)).norm().toDoubleArray()[0])
                        .isGreaterThan(1e-6);
            }
        }
    }

    /** What the first block's inner vectors are to be moved by, a row for each demonstration. */
    private static NDArray differences(NDManager owner, Decoder decoder, int firstLabel) {
        NamedUpdate made = (NamedUpdate) new CompiledPrompt(decoder, Fit.MEAN, prompts(firstLabel))
                .make(owner, List.of(DEMONSTRATIONS), 0.1, Progress.none())
                .update();
        Map<String, Update> changes = Objects.requireNonNull(made.totals().get(DEMONSTRATIONS));
        return ((Factored) Objects.requireNonNull(changes.get("layers.0.feed_forward.up.weight"))).errors();
    }

    @Test
    void aFileWithHalfOfAChangeIsRefused(@TempDir Path folder) {
        try (NDManager manager = LanguageModel.newManager()) {
            for (String side : List.of("left", "right")) {
                Path file = folder.resolve(side + ".safetensors");
                Map<String, NDArray> tensors = new LinkedHashMap<>();
                tensors.put("counts", manager.create(new long[] {2}));
                tensors.put("total.2.layers.0.feed_forward.up.weight." + side, manager.ones(new Shape(2, 3)));
                ArrayWriter.write(file, tensors);
                assertThatThrownBy(() -> UpdateFiles.read(manager, file))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("not an update of a fine-tuning");
            }
        }
    }

    /** By name, the length of what changed. */
    private static Map<String, Double> changed(Decoder decoder, Weights weights) {
        Map<String, NDArray> base = new HashMap<>();
        decoder.weights().map((name, role, weight) -> {
            base.put(name, weight);
            return weight;
        });
        Map<String, Double> changed = new HashMap<>();
        weights.map((name, role, weight) -> {
            NDArray own = base.get(name);
            double size = own == null ? 0 : weight.sub(own).norm().toDoubleArray()[0];
            if (size > 0) changed.put(name, size);
            return weight;
        });
        return changed;
    }
}
