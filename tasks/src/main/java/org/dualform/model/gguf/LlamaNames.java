package org.dualform.model.gguf;

import java.util.List;
import java.util.Map;
import org.dualform.model.gguf.GgufFamily.Place;

/**
 * The families whose Hugging Face tensors have Llama's names, with what differs. Metadata and tensors of every architecture
 * are in llama.cpp's {@code gguf-py/gguf/constants.py} and {@code tensor_mapping.py}; what its converter changes in a tensor
 * is in {@code convert_hf_to_gguf.py}.
 */
final class LlamaNames {
    private static final String BLOCK = "model.layers.#.";
    private static final String NORM_EPSILON = "attention.layer_norm_epsilon";

    static final Map<String, Place> TENSORS = Map.ofEntries(
            Map.entry("token_embd", new Place("model.embed_tokens")),
            Map.entry("output_norm", new Place("model.norm")),
            Map.entry("output", new Place("lm_head")),
            Map.entry("blk.#.attn_norm", new Place(BLOCK + "input_layernorm")),
            Map.entry("blk.#.attn_q", new Place(BLOCK + "self_attn.q_proj")),
            Map.entry("blk.#.attn_k", new Place(BLOCK + "self_attn.k_proj")),
            Map.entry("blk.#.attn_v", new Place(BLOCK + "self_attn.v_proj")),
            Map.entry("blk.#.attn_output", new Place(BLOCK + "self_attn.o_proj")),
            Map.entry("blk.#.attn_q_norm", new Place(BLOCK + "self_attn.q_norm")),
            Map.entry("blk.#.attn_k_norm", new Place(BLOCK + "self_attn.k_norm")),
            Map.entry("blk.#.ffn_norm", new Place(BLOCK + "post_attention_layernorm")),
            Map.entry("blk.#.ffn_gate", new Place(BLOCK + "mlp.gate_proj")),
            Map.entry("blk.#.ffn_up", new Place(BLOCK + "mlp.up_proj")),
            Map.entry("blk.#.ffn_down", new Place(BLOCK + "mlp.down_proj")));

    private LlamaNames() {}

    static List<GgufFamily> families() {
        return List.of(
                paired("llama"),
                paired("smollm3"),
                granite(),
                plain("qwen2"),
                plain("qwen3"),
                Gemmas.first(),
                Gemmas.second(),
                Gemmas.third(),
                olmo2(),
                phi3(),
                starcoder2(),
                stablelm());
    }

    /** Names as Llama's, and no change of layout. */
    static GgufFamily plain(String name) {
        return new GgufFamily(name, name, GgufFamilies.KEYS, TENSORS);
    }

    /** Llama with Mistral, and what is converted as Llama: rows of queries and keys stand in pairs. */
    private static GgufFamily paired(String name) {
        return plain(name)
                .with("blk.#.attn_q", new Place(BLOCK + "self_attn.q_proj", Layout.PAIRED_QUERY, false))
                .with("blk.#.attn_k", new Place(BLOCK + "self_attn.k_proj", Layout.PAIRED_KEY, false))
                .withMore((metadata, config) -> {
                    config.put("attention_bias", metadata.hasTensor("blk.0.attn_q.bias"));
                    config.put("mlp_bias", metadata.hasTensor("blk.0.ffn_up.bias"));
                });
    }

    private static GgufFamily granite() {
        return paired("granite")
                .withKey("attention.scale", "attention_multiplier")
                .withKey("embedding_scale", "embedding_multiplier")
                .withKey("residual_scale", "residual_multiplier")
                .withKey("logit_scale", "logits_scaling");
    }

    private static GgufFamily olmo2() {
        return plain("olmo2")
                .with("blk.#.post_attention_norm", new Place(BLOCK + "post_attention_layernorm"))
                .with("blk.#.post_ffw_norm", new Place(BLOCK + "post_feedforward_layernorm"));
    }

    /** Projections stay fused, in the file too. */
    private static GgufFamily phi3() {
        return plain("phi3")
                .withKey("attention.sliding_window", "sliding_window")
                .withKey("rope.scaling.original_context_length", "original_max_position_embeddings")
                .with("blk.#.attn_qkv", new Place(BLOCK + "self_attn.qkv_proj"))
                .with("blk.#.ffn_up", new Place(BLOCK + "mlp.gate_up_proj"))
                .withRotaryShare("partial_rotary_factor");
    }

    private static GgufFamily starcoder2() {
        return plain("starcoder2")
                .withKey(NORM_EPSILON, "norm_epsilon")
                .with("blk.#.ffn_up", new Place(BLOCK + "mlp.c_fc"))
                .with("blk.#.ffn_down", new Place(BLOCK + "mlp.c_proj"));
    }

    private static GgufFamily stablelm() {
        return plain("stablelm")
                .withKey(NORM_EPSILON, "layer_norm_eps")
                .withRotaryShare("partial_rotary_factor")
                .withMore((metadata, config) -> {
                    config.put("use_qkv_bias", metadata.hasTensor("blk.0.attn_q.bias"));
                    config.put("use_parallel_residual", !metadata.hasTensor("blk.0.ffn_norm.weight"));
                });
    }
}
