package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.dualform.model.gguf.GgufFamily.Place;

/** Gemma 1 to 3: Llama's names and more norms, all of which multiply by 1 + w; the file has that sum. */
final class Gemmas {
    private static final String BLOCK = "model.layers.#.";

    private Gemmas() {}

    static GgufFamily first() {
        return summed(LlamaNames.plain("gemma"), "output_norm", "blk.#.attn_norm", "blk.#.ffn_norm");
    }

    /** Gemma 2: norms before and after each part, scores and logits within bounds, a window in every other layer. */
    static GgufFamily second() {
        return fourNorms("gemma2", "gemma2")
                .withKey("attn_logit_softcapping", "attn_logit_softcapping")
                .withKey("final_logit_softcapping", "final_logit_softcapping")
                .withMore((metadata, config) -> scoreScale(metadata, config, 46));
    }

    /** Gemma 3's language model: norms of queries and keys as well, a window in five of six layers. */
    static GgufFamily third() {
        return summed(fourNorms("gemma3", "gemma3_text"), "blk.#.attn_q_norm", "blk.#.attn_k_norm")
                .withMore((metadata, config) -> scoreScale(metadata, config, 62));
    }

    private static GgufFamily fourNorms(String architecture, String modelType) {
        GgufFamily family = new GgufFamily(architecture, modelType, GgufFamilies.KEYS, LlamaNames.TENSORS)
                .withKey("attention.sliding_window", "sliding_window")
                .with("blk.#.post_attention_norm", new Place(BLOCK + "post_attention_layernorm"))
                .with("blk.#.ffn_norm", new Place(BLOCK + "pre_feedforward_layernorm"))
                .with("blk.#.post_ffw_norm", new Place(BLOCK + "post_feedforward_layernorm"));
        return summed(
                family,
                "output_norm",
                "blk.#.attn_norm",
                "blk.#.post_attention_norm",
                "blk.#.ffn_norm",
                "blk.#.post_ffw_norm");
    }

    /** The scores' scale is 1/√(width of a head), but 1/√(width / heads) in the largest model, which no metadata say. */
    private static void scoreScale(GgufMetadata metadata, ObjectNode config, int layersOfLargest) {
        int heads = metadata.required("attention.head_count");
        int ofWidth = Math.max(1, metadata.required("embedding_length") / heads);
        boolean largest = metadata.required("block_count") == layersOfLargest;
        config.put(
                "query_pre_attn_scalar",
                largest ? ofWidth : metadata.count("attention.key_length").orElse(ofWidth));
    }

    private static GgufFamily summed(GgufFamily family, String... norms) {
        GgufFamily all = family;
        for (String norm : List.of(norms)) {
            String there = family.tensors().getOrDefault(norm, new Place("")).name();
            all = all.with(norm, new Place(there, Layout.PLUS_ONE, false));
        }
        return all;
    }
}
