package org.dualform.model.gguf;

import java.util.List;
import java.util.Map;
import org.dualform.model.gguf.GgufFamily.Place;

/** The families whose Hugging Face tensors have names of their own. See {@link LlamaNames} for where the facts stand. */
final class OtherNames {
    private static final String NORM_EPSILON = "attention.layer_norm_epsilon";

    private OtherNames() {}

    static List<GgufFamily> families() {
        return List.of(phi(), gpt2(), gptNeoX(), bloom());
    }

    /** Phi 1 to 2. */
    private static GgufFamily phi() {
        String block = "model.layers.#.";
        return new GgufFamily("phi2", "phi", GgufFamilies.KEYS, LlamaNames.TENSORS)
                .withKey(NORM_EPSILON, "layer_norm_eps")
                .with("output_norm", new Place("model.final_layernorm"))
                .with("blk.#.attn_output", new Place(block + "self_attn.dense"))
                .with("blk.#.ffn_up", new Place(block + "mlp.fc1"))
                .with("blk.#.ffn_down", new Place(block + "mlp.fc2"))
                .withRotaryShare("partial_rotary_factor");
    }

    /** GPT-2, whose Hugging Face file has every projection as (in, out). */
    private static GgufFamily gpt2() {
        Map<String, String> keys = Map.of(
                "context_length",
                "n_positions",
                "embedding_length",
                "n_embd",
                "block_count",
                "n_layer",
                "feed_forward_length",
                "n_inner",
                "attention.head_count",
                "n_head",
                NORM_EPSILON,
                "layer_norm_epsilon");
        Map<String, Place> tensors = Map.of(
                "token_embd", new Place("wte"),
                "position_embd", new Place("wpe"),
                "output_norm", new Place("ln_f"),
                "output", new Place("lm_head"),
                "blk.#.attn_norm", new Place("h.#.ln_1"),
                "blk.#.attn_qkv", new Place("h.#.attn.c_attn", Layout.TRANSPOSED, true),
                "blk.#.attn_output", new Place("h.#.attn.c_proj", Layout.TRANSPOSED, true),
                "blk.#.ffn_norm", new Place("h.#.ln_2"),
                "blk.#.ffn_up", new Place("h.#.mlp.c_fc", Layout.TRANSPOSED, true),
                "blk.#.ffn_down", new Place("h.#.mlp.c_proj", Layout.TRANSPOSED, true));
        return new GgufFamily("gpt2", "gpt2", keys, tensors);
    }

    /** GPT-NeoX and Pythia, whose Hugging Face file fuses projections head by head. */
    private static GgufFamily gptNeoX() {
        String block = "gpt_neox.layers.#.";
        Map<String, Place> tensors = Map.of(
                "token_embd", new Place("gpt_neox.embed_in"),
                "output_norm", new Place("gpt_neox.final_layer_norm"),
                "output", new Place("embed_out"),
                "blk.#.attn_norm", new Place(block + "input_layernorm"),
                "blk.#.attn_qkv", new Place(block + "attention.query_key_value", Layout.JOINED, false),
                "blk.#.attn_output", new Place(block + "attention.dense"),
                "blk.#.ffn_norm", new Place(block + "post_attention_layernorm"),
                "blk.#.ffn_up", new Place(block + "mlp.dense_h_to_4h"),
                "blk.#.ffn_down", new Place(block + "mlp.dense_4h_to_h"));
        return new GgufFamily("gptneox", "gpt_neox", GgufFamilies.KEYS, tensors)
                .withKey(NORM_EPSILON, "layer_norm_eps")
                .withKey("rope.freq_base", "rotary_emb_base")
                .withRotaryShare("rotary_pct")
                .withMore((metadata, config) -> config.put(
                        "use_parallel_residual",
                        metadata.value("use_parallel_residual").asBoolean(true)));
    }

    private static GgufFamily bloom() {
        String block = "transformer.h.#.";
        Map<String, String> keys = Map.of(
                "embedding_length",
                "hidden_size",
                "block_count",
                "n_layer",
                "attention.head_count",
                "n_head",
                NORM_EPSILON,
                "layer_norm_epsilon");
        Map<String, Place> tensors = Map.ofEntries(
                Map.entry("token_embd", new Place("transformer.word_embeddings")),
                Map.entry("token_embd_norm", new Place("transformer.word_embeddings_layernorm")),
                Map.entry("output_norm", new Place("transformer.ln_f")),
                Map.entry("output", new Place("lm_head")),
                Map.entry("blk.#.attn_norm", new Place(block + "input_layernorm")),
                Map.entry("blk.#.attn_qkv", new Place(block + "self_attention.query_key_value", Layout.JOINED, false)),
                Map.entry("blk.#.attn_output", new Place(block + "self_attention.dense")),
                Map.entry("blk.#.ffn_norm", new Place(block + "post_attention_layernorm")),
                Map.entry("blk.#.ffn_up", new Place(block + "mlp.dense_h_to_4h")),
                Map.entry("blk.#.ffn_down", new Place(block + "mlp.dense_4h_to_h")));
        return new GgufFamily("bloom", "bloom", keys, tensors);
    }
}
