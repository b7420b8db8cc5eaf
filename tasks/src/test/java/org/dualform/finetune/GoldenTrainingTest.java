package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.model.Assets;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.checkpoint.SafetensorsFile;
import org.dualform.prompt.TokenIds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three steps on the key and value projections, against plain transformers: losses, norms, and logits afterwards. */
class GoldenTrainingTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_gqa", "gpt2", "gpt2_hub"})
    void agreesWithTransformers(String name) throws Exception {
        Path folder = Assets.at("golden/" + name);
        JsonNode described =
                Json.mapper().readTree(folder.resolve("golden.json").toFile());
        float tolerance = (float) described.get("suggested_abs_tolerance").asDouble();
        SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        try (LanguageModel model = LanguageModel.open(folder);
                NDManager manager = model.manager().newSubManager()) {
            List<Sequence> sequences = IntStream.range(0, 3)
                    .mapToObj(i -> new Sequence(ids(load(golden, manager, "ft." + i + ".ids")), 1))
                    .toList();
            var trainer = new Trainer(model.decoder());
            UpdatePlan plan = trainer.plan(sequences, List.of(1, 3), 1);
            Trainer.Trained trained =
                    trainer.train(manager, plan, sequences, described.get("lr").asDouble(), Progress.none());

            double[] losses = load(golden, manager, "ft.losses")
                    .toType(DataType.FLOAT64, false)
                    .toDoubleArray();
            for (int step = 0; step < 3; step++) {
                assertThat(trained.training().shots().get(3).losses().get(step)).isCloseTo(losses[step], within(1e-5));
            }
            float[] norms = load(golden, manager, "ft.delta_norms").toFloatArray(); // (L, 4)
            for (int layer = 0; layer < plan.shape().layers(); layer++) {
                double[] own = norms(manager, trained.update(), layer);
                for (int i = 0; i < 4; i++) {
                    if (!Float.isNaN(norms[4 * layer + i])) {
                        assertThat(own[i])
                                .as("layer %d, norm %d", layer, i)
                                .isCloseTo(norms[4 * layer + i], within(1e-6 + 1e-5 * norms[4 * layer + i]));
                    }
                }
            }
            try (TunedModel tuned = new TunedModel(manager, model.decoder(), trained.update(), 3);
                    NoGrad off = new NoGrad()) {
                for (int i = 0; golden.tensors().containsKey("prompt." + i + ".ids"); i++) {
                    NDArray ids = load(golden, manager, "prompt." + i + ".ids").expandDims(0);
                    NDArray logits = tuned.decoder()
                            .logits(manager, tuned.decoder().hidden(manager, ids))
                            .squeeze(0);
                    NDArray expected = load(golden, manager, "prompt." + i + ".logits_ft");
                    assertThat(logits.sub(expected).abs().max().getFloat()).isLessThan(tolerance);
                }
            }
        }
    }

    /** Norms of the changes of K's and V's weight and bias. */
    private static double[] norms(NDManager manager, KeyValueUpdate update, int layer) {
        ProjectionShape shape = update.plan().shape();
        var norms = new double[4];
        for (Projection projection : Projection.values()) {
            NDArray weight = manager.zeros(new Shape(shape.out(), shape.in()));
            NDArray bias = manager.zeros(new Shape(shape.out()));
            update.addTo(3, layer, projection, weight, bias);
            int i = projection == Projection.KEY ? 0 : 1;
            norms[i] = weight.norm().getFloat();
            norms[2 + i] = bias.norm().getFloat();
        }
        return norms;
    }

    private static TokenIds ids(NDArray array) {
        return TokenIds.of(
                Arrays.stream(array.toLongArray()).mapToInt(Math::toIntExact).toArray());
    }

    private static NDArray load(SafetensorsFile file, NDManager manager, String name) {
        return file.load(manager, file.tensors().get(name), DataType.FLOAT32);
    }
}
