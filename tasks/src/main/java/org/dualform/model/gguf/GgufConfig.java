package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalInt;
import org.dualform.contract.PermanentException;
import org.dualform.gguf.GgufFile;
import org.dualform.gguf.GgufTensor;

/** Makes a config.json from a file's metadata: what the family's tables say, the rotary scaling, and the special tokens. */
final class GgufConfig {
    private static final String TOKENS = "token_embd.weight";
    private static final String FACTORS = "rope_freqs.weight";
    private static final String LONG_FACTORS = "rope_factors_long.weight";
    private static final String SHORT_FACTORS = "rope_factors_short.weight";
    private static final int MOST_FREQUENCIES = 1 << 14;

    /** Tensors that say how positions are scaled. They are no weights. */
    static final List<String> OF_ROTARY = List.of(FACTORS, LONG_FACTORS, SHORT_FACTORS);

    private final GgufFile file;
    private final GgufFamily family;
    private final GgufMetadata metadata;
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    private GgufConfig(GgufFile file, GgufFamily family) {
        this.file = file;
        this.family = family;
        this.metadata = new GgufMetadata(file, family.architecture());
    }

    static ObjectNode of(GgufFile file, GgufFamily family) {
        return new GgufConfig(file, family).make();
    }

    private ObjectNode make() {
        config.put("model_type", family.modelType());
        for (String key : GgufFamilies.SIZES) metadata.required(key);
        family.keys().forEach(this::copy);
        GgufTensor tokens = file.tensors().get(TOKENS);
        if (tokens != null) config.put("vocab_size", tokens.rows());
        config.put("tie_word_embeddings", !metadata.hasTensor("output.weight"));
        rotaryShare();
        rotaryScaling();
        family.more().accept(metadata, config);
        token("bos_token_id");
        token("eos_token_id");
        metadata.throwIfAny();
        return config;
    }

    private void copy(String key, String name) {
        JsonNode value = metadata.value(key);
        if (value.isMissingNode()) return;
        if (value.isIntegralNumber() || value.isArray()) metadata.count(key).ifPresent(n -> config.put(name, n));
        else config.put(name, metadata.positive(key, 1));
    }

    /** The share of a head that is rotated, as a number that gives the file's number of dimensions again. */
    private void rotaryShare() {
        OptionalInt rotated = metadata.count("rope.dimension_count");
        int headDim = metadata.count("attention.key_length")
                .orElseGet(() ->
                        Math.max(1, metadata.required("embedding_length") / metadata.required("attention.head_count")));
        if (rotated.isEmpty()) return;
        int dimensions = rotated.getAsInt();
        if (family.rotaryShare().isEmpty()) {
            if (dimensions != headDim)
                metadata.mistake(
                        "rope.dimension_count",
                        "is " + dimensions + ", but heads of this family are rotated as a whole (" + headDim + ")");
            return;
        }
        double share = (double) dimensions / headDim;
        config.put(family.rotaryShare(), (long) (headDim * share) == dimensions ? share : Math.nextUp(share));
    }

    private void rotaryScaling() {
        String type = metadata.value("rope.scaling.type").asText(metadata.has("rope.scale_linear") ? "linear" : "none");
        if (metadata.hasTensor(FACTORS)) {
            factors(config.putObject("rope_scaling").put("rope_type", "frequency_factors"), "factors", FACTORS);
        } else if (metadata.hasTensor(LONG_FACTORS)) {
            ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", "longrope");
            factors(scaling, "long_factor", LONG_FACTORS);
            factors(scaling, "short_factor", SHORT_FACTORS);
        } else if (!type.equals("none")) {
            ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", type);
            scaling.put("factor", metadata.positive("rope.scaling.factor", metadata.positive("rope.scale_linear", 1)));
            metadata.count("rope.scaling.original_context_length")
                    .ifPresent(n -> scaling.put("original_max_position_embeddings", n));
            if (metadata.has("rope.scaling.attn_factor"))
                metadata.mistake("rope.scaling.attn_factor", "is not supported: it changes the scores' scale");
        }
    }

    /** A number for each frequency: Llama 3.1's, which the converter computed from the scaling, or LongRoPE's. */
    private void factors(ObjectNode scaling, String key, String name) {
        ArrayNode list = scaling.putArray(key);
        GgufTensor tensor = file.tensors().get(name);
        if (tensor == null || tensor.shape().size() != 1 || tensor.size() > MOST_FREQUENCIES) return;
        float[] factors = new float[(int) tensor.size()];
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            tensor.read(channel, 0, 1, factors, 0);
        } catch (IOException e) {
            throw new PermanentException("The tensor " + name + " cannot be read from " + tensor.file() + ": " + e, e);
        }
        for (float factor : factors) list.add(factor);
    }

    private void token(String name) {
        JsonNode id = file.value("tokenizer.ggml." + name);
        if (id.isIntegralNumber() && id.canConvertToInt()) config.put(name, id.intValue());
    }
}
