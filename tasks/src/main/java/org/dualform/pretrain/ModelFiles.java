package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.model.family.rms.MomentumLlama;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.TokenSource;

/**
 * Writes a pretrained model as a folder in Hugging Face layout: llama, or llama with momentum; tied embedding, 16-bit
 * weights.
 */
final class ModelFiles {
    private final ObjectMapper json = new ObjectMapper();
    private final Recipe.Shape shape;
    private final TokenSource tokens;

    ModelFiles(Recipe.Shape shape, TokenSource tokens) {
        this.shape = shape;
        this.tokens = tokens;
    }

    /** The content of config.json. */
    ObjectNode config() {
        ObjectNode config = json.createObjectNode();
        Recipe.Carried momentum = shape.momentum();
        config.putArray("architectures").add(momentum == null ? "LlamaForCausalLM" : MomentumLlama.CLASS);
        if (momentum != null) {
            config.put(MomentumLlama.FORM, momentum.form()).put(MomentumLlama.DECAY, momentum.decay());
        }
        return config.put("model_type", momentum == null ? "llama" : MomentumLlama.NAME)
                .put("vocab_size", tokens.vocabulary())
                .put("hidden_size", shape.hiddenSize())
                .put("num_hidden_layers", shape.layers())
                .put("num_attention_heads", shape.heads())
                .put("num_key_value_heads", shape.heads())
                .put("head_dim", shape.hiddenSize() / shape.heads())
                .put("intermediate_size", shape.feedForward())
                .put("hidden_act", "silu")
                .put("rms_norm_eps", shape.normEpsilon())
                .put("rope_theta", shape.ropeTheta())
                .put("max_position_embeddings", shape.maxPositions())
                .put("attention_bias", false)
                .put("mlp_bias", false)
                .put("tie_word_embeddings", true)
                .put("bos_token_id", tokens.bos())
                .put("eos_token_id", tokens.eos())
                .put("torch_dtype", "float16");
    }

    /** Writes config.json, the files of the tokenizer and, at last, model.safetensors. */
    void write(Path folder, Map<String, NDArray> weights) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                json.writerWithDefaultPrettyPrinter().writeValueAsString(config()) + "\n");
        tokens.writeTokenizer(folder, shape.maxPositions());
        ArrayWriter.writeHalf(folder.resolve("model.safetensors"), weights);
    }
}
