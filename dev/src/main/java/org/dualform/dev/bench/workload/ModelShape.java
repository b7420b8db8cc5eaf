package org.dualform.dev.bench.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.contract.Json;

/**
 * The shape of a model that is measured: config.json and the tensors of a checkpoint in Hugging Face layout. Symbols: L
 * layers, d width, f feed-forward width, V vocabulary.
 *
 * @param name the name of its folder
 * @param vocabulary V, the number of tokens in the vocabulary
 * @param config the content of config.json
 * @param tensors the dimensions of each tensor by name, in the order of the file
 * @param matrixWeights the number of weights that multiply every token: all but embeddings, norms and head
 */
public record ModelShape(
        String name, int vocabulary, ObjectNode config, Map<String, long[]> tensors, long matrixWeights, Sizes sizes) {
    private static final int POSITIONS = 1024;

    /** @param headDim the width of one head */
    public record Sizes(int layers, int width, int heads, int headDim) {}

    /** GPT-2 as published, with 124 M parameters. */
    public static ModelShape gpt2() {
        int layers = 12;
        long d = 768;
        long f = 4 * d;
        int vocabulary = 50_257;
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("model_type", "gpt2").putArray("architectures").add("GPT2LMHeadModel");
        config.put("vocab_size", vocabulary).put("n_positions", POSITIONS).put("n_embd", d);
        config.put("n_layer", layers).put("n_head", 12).put("activation_function", "gelu_new");
        config.put("resid_pdrop", 0.0).put("embd_pdrop", 0.0).put("attn_pdrop", 0.0);
        config.put("bos_token_id", vocabulary - 1).put("eos_token_id", vocabulary - 1);
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("transformer.wte.weight", new long[] {vocabulary, d});
        tensors.put("transformer.wpe.weight", new long[] {POSITIONS, d});
        for (int i = 0; i < layers; i++) {
            String h = "transformer.h." + i + ".";
            norm(tensors, h + "ln_1", d);
            linear(tensors, h + "attn.c_attn", d, 3 * d);
            linear(tensors, h + "attn.c_proj", d, d);
            norm(tensors, h + "ln_2", d);
            linear(tensors, h + "mlp.c_fc", d, f);
            linear(tensors, h + "mlp.c_proj", f, d);
        }
        norm(tensors, "transformer.ln_f", d);
        return new ModelShape(
                "gpt2-124m",
                vocabulary,
                config,
                tensors,
                layers * (4 * d * d + 2 * d * f),
                new Sizes(layers, (int) d, 12, 64));
    }

    /** A LLaMA model of 1.3 G parameters, which take 5.1 GB in single precision. */
    public static ModelShape llama() {
        int layers = 26;
        long d = 2048;
        long kv = 512;
        long f = 5632;
        int vocabulary = 32_000;
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("model_type", "llama").putArray("architectures").add("LlamaForCausalLM");
        config.put("vocab_size", vocabulary)
                .put("max_position_embeddings", POSITIONS)
                .put("hidden_size", d);
        config.put("num_hidden_layers", layers).put("num_attention_heads", 32).put("num_key_value_heads", 8);
        config.put("intermediate_size", f).put("rms_norm_eps", 1e-5).put("hidden_act", "silu");
        config.put("bos_token_id", 1).put("eos_token_id", 2).put("tie_word_embeddings", false);
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("model.embed_tokens.weight", new long[] {vocabulary, d});
        for (int i = 0; i < layers; i++) {
            String l = "model.layers." + i + ".";
            tensors.put(l + "input_layernorm.weight", new long[] {d});
            tensors.put(l + "self_attn.q_proj.weight", new long[] {d, d});
            tensors.put(l + "self_attn.k_proj.weight", new long[] {kv, d});
            tensors.put(l + "self_attn.v_proj.weight", new long[] {kv, d});
            tensors.put(l + "self_attn.o_proj.weight", new long[] {d, d});
            tensors.put(l + "post_attention_layernorm.weight", new long[] {d});
            tensors.put(l + "mlp.gate_proj.weight", new long[] {f, d});
            tensors.put(l + "mlp.up_proj.weight", new long[] {f, d});
            tensors.put(l + "mlp.down_proj.weight", new long[] {d, f});
        }
        tensors.put("model.norm.weight", new long[] {d});
        tensors.put("lm_head.weight", new long[] {vocabulary, d});
        return new ModelShape(
                "llama-1.3b",
                vocabulary,
                config,
                tensors,
                layers * (2 * d * d + 2 * d * kv + 3 * d * f),
                new Sizes(layers, (int) d, 32, 64));
    }

    /** GPT-2's shape with another number of layers. */
    public static ModelShape gpt2(int layers) {
        ModelShape whole = gpt2();
        Map<String, long[]> tensors = new LinkedHashMap<>(whole.tensors);
        tensors.keySet().removeIf(name -> {
            int at = name.indexOf(".h.");
            return at >= 0 && Integer.parseInt(name.substring(at + 3, name.indexOf('.', at + 3))) >= layers;
        });
        return new ModelShape(
                "gpt2-" + layers + "-layers",
                whole.vocabulary,
                whole.config.deepCopy().put("n_layer", layers),
                tensors,
                whole.matrixWeights / whole.sizes.layers * layers,
                new Sizes(layers, whole.sizes.width, whole.sizes.heads, whole.sizes.headDim));
    }

    /**
     * Floating-point operations of one forward pass over {@code tokens} with the head at the last token. Each weight
     * costs two operations per token. Attention costs four per layer, pair of tokens and element of the width: two for
     * the scores and two for the weighted sum of values. All pairs count, because the full square of scores is
     * computed.
     */
    public double operations(int tokens) {
        double attention = 4.0 * sizes.layers() * sizes.heads() * sizes.headDim() * tokens * tokens;
        return 2.0 * matrixWeights * tokens + attention + 2.0 * vocabulary * sizes.width();
    }

    private static void norm(Map<String, long[]> tensors, String name, long d) {
        tensors.put(name + ".weight", new long[] {d});
        tensors.put(name + ".bias", new long[] {d});
    }

    private static void linear(Map<String, long[]> tensors, String name, long in, long out) {
        tensors.put(name + ".weight", new long[] {in, out});
        tensors.put(name + ".bias", new long[] {out});
    }
}
