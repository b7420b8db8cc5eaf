package org.dualform.model.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;
import org.dualform.model.gguf.GgufFamily.Place;

/**
 * The tables of all families. A new one is a line in {@link #ALL}, with what differs from Llama's names. The metadata and
 * tensors of every architecture are in llama.cpp's {@code gguf-py/gguf/constants.py} and {@code tensor_mapping.py}; what
 * its converter changes in a tensor is in {@code convert_hf_to_gguf.py}.
 */
final class GgufFamilies {
    private static final String ARCHITECTURE = "general.architecture";

    /** Metadata that every model has. */
    static final List<String> SIZES = List.of("embedding_length", "block_count", "attention.head_count", "context_length");

    private static final Map<String, String> KEYS = Map.of(
            "context_length", "max_position_embeddings",
            "embedding_length", "hidden_size",
            "block_count", "num_hidden_layers",
            "feed_forward_length", "intermediate_size",
            "attention.head_count", "num_attention_heads",
            "attention.head_count_kv", "num_key_value_heads",
            "attention.key_length", "head_dim",
            "attention.layer_norm_rms_epsilon", "rms_norm_eps",
            "rope.freq_base", "rope_theta");

    private static final String BLOCK = "model.layers.#.";

    /** The names of Llama's tensors, which most families share. */
    private static final Map<String, Place> LLAMA = Map.ofEntries(
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

    private static final List<GgufFamily> ALL = List.of(
            llama(), plain("qwen2"), plain("qwen3"), gemma(), gemma3(), phi(), gpt2(), gptNeoX());

    private GgufFamilies() {}

    /**
     * The family of a file.
     *
     * @throws UserException if it is none of these; the message names those that are
     */
    static GgufFamily of(GgufFile file) {
        String name = file.value(ARCHITECTURE).asText("");
        for (GgufFamily family : ALL) if (family.architecture().equals(name)) return family;
        throw UserException.data("The architecture \"" + name + "\" of " + file.path() + " (" + ARCHITECTURE
                + ") is not read from GGUF; read are "
                + String.join(", ", ALL.stream().map(GgufFamily::architecture).sorted().toList())
                + ". Take the model as a folder in Hugging Face layout if its family is supported.");
    }

    /** Names as Llama's, and no change of layout. */
    private static GgufFamily plain(String name) {
        return new GgufFamily(name, name, KEYS, LLAMA);
    }

    /** Llama and Mistral: rows of queries and keys are ordered for rotation of neighbours. */
    private static GgufFamily llama() {
        return plain("llama")
                .with("blk.#.attn_q", new Place(BLOCK + "self_attn.q_proj", Layout.PAIRED_QUERY, false))
                .with("blk.#.attn_k", new Place(BLOCK + "self_attn.k_proj", Layout.PAIRED_KEY, false))
                .withMore((metadata, config) -> {
                    config.put("attention_bias", metadata.hasTensor("blk.0.attn_q.bias"));
                    config.put("mlp_bias", metadata.hasTensor("blk.0.ffn_up.bias"));
                });
    }

    /** Gemma 1: norms multiply by 1 + w, and the file has that sum. */
    private static GgufFamily gemma() {
        GgufFamily gemma = plain("gemma");
        for (String norm : List.of("output_norm", "blk.#.attn_norm", "blk.#.ffn_norm")) gemma = plusOne(gemma, norm);
        return gemma;
    }

    /** Gemma 3's language model: more norms, a window in five of six layers, and another rotary base in those. */
    private static GgufFamily gemma3() {
        GgufFamily gemma = new GgufFamily("gemma3", "gemma3_text", KEYS, LLAMA)
                .with("blk.#.post_attention_norm", new Place(BLOCK + "post_attention_layernorm"))
                .with("blk.#.ffn_norm", new Place(BLOCK + "pre_feedforward_layernorm"))
                .with("blk.#.post_ffw_norm", new Place(BLOCK + "post_feedforward_layernorm"));
        for (String norm : List.of(
                "output_norm",
                "blk.#.attn_norm",
                "blk.#.attn_q_norm",
                "blk.#.attn_k_norm",
                "blk.#.post_attention_norm",
                "blk.#.ffn_norm",
                "blk.#.post_ffw_norm")) gemma = plusOne(gemma, norm);
        return gemma.withMore((metadata, config) -> {
            metadata.count("attention.sliding_window").ifPresent(n -> config.put("sliding_window", n));
            // The score's scale is 1/√(key length), but of the largest model 1/√(width / heads).
            int width = metadata.required("embedding_length");
            int heads = metadata.required("attention.head_count");
            int headDim = metadata.count("attention.key_length").orElse(256);
            config.put("query_pre_attn_scalar", metadata.required("block_count") == 62 ? width / heads : headDim);
        });
    }

    private static GgufFamily plusOne(GgufFamily family, String norm) {
        String there = family.tensors().getOrDefault(norm, new Place("")).name();
        return family.with(norm, new Place(there, Layout.PLUS_ONE, false));
    }

    /** Phi 1 to 2. */
    private static GgufFamily phi() {
        return new GgufFamily("phi2", "phi", changed(KEYS, "attention.layer_norm_epsilon", "layer_norm_eps"), LLAMA)
                .with("output_norm", new Place("model.final_layernorm"))
                .with("blk.#.attn_output", new Place(BLOCK + "self_attn.dense"))
                .with("blk.#.ffn_up", new Place(BLOCK + "mlp.fc1"))
                .with("blk.#.ffn_down", new Place(BLOCK + "mlp.fc2"))
                .withRotaryShare("partial_rotary_factor");
    }

    /** GPT-2, whose Hugging Face file has every projection as (in, out). */
    private static GgufFamily gpt2() {
        Map<String, String> keys = Map.of(
                "context_length", "n_positions",
                "embedding_length", "n_embd",
                "block_count", "n_layer",
                "feed_forward_length", "n_inner",
                "attention.head_count", "n_head",
                "attention.layer_norm_epsilon", "layer_norm_epsilon");
        return new GgufFamily(
                "gpt2",
                "gpt2",
                keys,
                Map.of(
                        "token_embd", new Place("wte"),
                        "position_embd", new Place("wpe"),
                        "output_norm", new Place("ln_f"),
                        "output", new Place("lm_head"),
                        "blk.#.attn_norm", new Place("h.#.ln_1"),
                        "blk.#.attn_qkv", new Place("h.#.attn.c_attn", Layout.TRANSPOSED, true),
                        "blk.#.attn_output", new Place("h.#.attn.c_proj", Layout.TRANSPOSED, true),
                        "blk.#.ffn_norm", new Place("h.#.ln_2"),
                        "blk.#.ffn_up", new Place("h.#.mlp.c_fc", Layout.TRANSPOSED, true),
                        "blk.#.ffn_down", new Place("h.#.mlp.c_proj", Layout.TRANSPOSED, true)));
    }

    /** GPT-NeoX and Pythia, whose Hugging Face file fuses projections head by head. */
    private static GgufFamily gptNeoX() {
        String block = "gpt_neox.layers.#.";
        return new GgufFamily(
                        "gptneox",
                        "gpt_neox",
                        changed(KEYS, "attention.layer_norm_epsilon", "layer_norm_eps"),
                        Map.of(
                                "token_embd", new Place("gpt_neox.embed_in"),
                                "output_norm", new Place("gpt_neox.final_layer_norm"),
                                "output", new Place("embed_out"),
                                "blk.#.attn_norm", new Place(block + "input_layernorm"),
                                "blk.#.attn_qkv",
                                        new Place(block + "attention.query_key_value", Layout.JOINED, false),
                                "blk.#.attn_output", new Place(block + "attention.dense"),
                                "blk.#.ffn_norm", new Place(block + "post_attention_layernorm"),
                                "blk.#.ffn_up", new Place(block + "mlp.dense_h_to_4h"),
                                "blk.#.ffn_down", new Place(block + "mlp.dense_4h_to_h")))
                .withRotaryShare("rotary_pct")
                .withMore((metadata, config) -> {
                    if (config.has("rope_theta")) config.set("rotary_emb_base", config.get("rope_theta"));
                    config.put("use_parallel_residual", metadata.value("use_parallel_residual").asBoolean(true));
                });
    }

    private static Map<String, String> changed(Map<String, String> keys, String key, String name) {
        Map<String, String> all = new LinkedHashMap<>(keys);
        all.put(key, name);
        return Map.copyOf(all);
    }
}
