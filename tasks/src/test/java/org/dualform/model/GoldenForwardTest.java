package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import org.dualform.contract.Json;
import org.dualform.model.checkpoint.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenForwardTest {
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_gqa", "gpt2", "gpt2_hub"})
    void logitsAgreeWithTransformers(String name) throws Exception {
        Path folder = Assets.at("golden/" + name);
        double tolerance = Json.mapper()
                .readTree(folder.resolve("golden.json").toFile())
                .get("suggested_abs_tolerance")
                .asDouble();
        SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        try (LanguageModel model = LanguageModel.open(folder);
                NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            for (int i = 0; golden.tensors().containsKey("prompt." + i + ".ids"); i++) {
                NDArray ids = load(golden, call, "prompt." + i + ".ids").expandDims(0);
                NDArray logits = model.decoder()
                        .logits(call, model.decoder().hidden(call, ids))
                        .squeeze(0);
                NDArray expected = load(golden, call, "prompt." + i + ".logits");
                assertThat(logits.sub(expected).abs().max().getFloat()).isLessThan((float) tolerance);
            }
        }
    }

    private static NDArray load(SafetensorsFile file, NDManager manager, String name) {
        return file.load(manager, file.tensors().get(name), DataType.FLOAT32);
    }
}
