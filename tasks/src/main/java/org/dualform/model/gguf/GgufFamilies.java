package org.dualform.model.gguf;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;

/** The tables of all families. A new one is a few lines in {@link LlamaNames} or {@link OtherNames}. */
final class GgufFamilies {
    private static final String ARCHITECTURE = "general.architecture";

    /** Metadata that every model has. */
    static final List<String> SIZES =
            List.of("embedding_length", "block_count", "attention.head_count", "context_length");

    /** Keys of config.json that most families share. */
    static final Map<String, String> KEYS = Map.of(
            "context_length", "max_position_embeddings",
            "embedding_length", "hidden_size",
            "block_count", "num_hidden_layers",
            "feed_forward_length", "intermediate_size",
            "attention.head_count", "num_attention_heads",
            "attention.head_count_kv", "num_key_value_heads",
            "attention.key_length", "head_dim",
            "attention.layer_norm_rms_epsilon", "rms_norm_eps",
            "rope.freq_base", "rope_theta");

    private static final List<GgufFamily> ALL = Stream.concat(
                    LlamaNames.families().stream(), OtherNames.families().stream())
            .toList();

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
                + String.join(
                        ", ",
                        ALL.stream().map(GgufFamily::architecture).sorted().toList())
                + ". Take the model as a folder in Hugging Face layout if its family is supported.");
    }
}
