package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;
import org.dualform.gguf.GgufTensor;

/**
 * A model in a GGUF file, under the names and in the layout of a Hugging Face folder. Only headers are read.
 *
 * @param config the config.json that the folder would have
 */
public record GgufModel(GgufFile file, ObjectNode config, Map<String, LaidOutTensor> tensors) {
    public GgufModel {
        tensors = Map.copyOf(tensors);
    }

    /**
     * Reads a file's header.
     *
     * @throws UserException naming what is wrong with it, or the architecture if it is not read from GGUF
     */
    public static GgufModel open(Path path) {
        GgufFile file = GgufFile.open(path);
        GgufFamily family = GgufFamilies.of(file);
        ObjectNode config = GgufConfig.of(file, family);
        GgufMetadata metadata = new GgufMetadata(file, family.architecture());
        int heads = metadata.required("attention.head_count");
        int keyHeads = metadata.count("attention.head_count_kv").orElse(heads);
        Map<String, LaidOutTensor> tensors = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        for (GgufTensor tensor : file.tensors().values()) {
            if (GgufConfig.OF_ROTARY.contains(tensor.name())) continue;
            GgufFamily.Place place = family.place(tensor.name()).orElseGet(() -> new GgufFamily.Place(tensor.name()));
            mistakes.collect(() -> {
                int own = place.layout() == Layout.PAIRED_KEY ? keyHeads : heads;
                LaidOutTensor laidOut = LaidOutTensor.of(tensor, place.layout(), own);
                if (tensors.putIfAbsent(place.name(), laidOut) != null)
                    mistakes.add("In " + path + " two tensors stand for " + place.name() + ".");
            });
        }
        mistakes.throwIfAny();
        return new GgufModel(file, config, tensors);
    }

    /**
     * The tokenizer.json that the folder would have.
     *
     * @throws UserException if the file's tokenizer is not one that is known here; the message names it
     */
    public static JsonNode tokenizer(GgufFile file) {
        return GgufTokenizer.of(file).json();
    }

    /** The id under {@code tokenizer.ggml.NAME_token_id}, such as that of {@code bos}. */
    public static OptionalInt token(GgufFile file, String name) {
        JsonNode id = file.value("tokenizer.ggml." + name + "_token_id");
        return id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0
                ? OptionalInt.of(id.intValue())
                : OptionalInt.empty();
    }
}
