package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One family's tables: from llama.cpp's names to Hugging Face's.
 *
 * @param architecture the value of {@code general.architecture}
 * @param modelType the {@code model_type} of config.json
 * @param keys keys of config.json by key of the metadata, without the architecture before it
 * @param rotaryShare the key of config.json for the share of a head that is rotated; empty if the whole head is
 * @param more adds what the tables cannot say to config.json
 * @param tensors the tensors, without {@code .weight} and {@code .bias}; {@code #} stands for the number of a block
 */
record GgufFamily(
        String architecture,
        String modelType,
        Map<String, String> keys,
        String rotaryShare,
        BiConsumer<GgufMetadata, ObjectNode> more,
        Map<String, Place> tensors) {
    private static final Pattern OF_BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.(.+)");

    /** The Hugging Face name of a tensor, and how its numbers lie. {@code weightOnly}: a bias lies as it is. */
    record Place(String name, Layout layout, boolean weightOnly) {
        Place(String name) {
            this(name, Layout.SAME, false);
        }
    }

    GgufFamily(String architecture, String modelType, Map<String, String> keys, Map<String, Place> tensors) {
        this(architecture, modelType, keys, "", (metadata, config) -> {}, tensors);
    }

    GgufFamily withKey(String key, String name) {
        Map<String, String> all = new LinkedHashMap<>(keys);
        all.put(key, name);
        return new GgufFamily(architecture, modelType, all, rotaryShare, more, tensors);
    }

    GgufFamily withRotaryShare(String key) {
        return new GgufFamily(architecture, modelType, keys, key, more, tensors);
    }

    GgufFamily withMore(BiConsumer<GgufMetadata, ObjectNode> added) {
        return new GgufFamily(architecture, modelType, keys, rotaryShare, added, tensors);
    }

    GgufFamily with(String tensor, Place place) {
        Map<String, Place> all = new LinkedHashMap<>(tensors);
        all.put(tensor, place);
        return new GgufFamily(architecture, modelType, keys, rotaryShare, more, all);
    }

    /** The place of a tensor in the Hugging Face file; empty if the family has no such tensor. */
    Optional<Place> place(String tensor) {
        int dot = tensor.lastIndexOf('.');
        String suffix = dot < 0 ? "" : tensor.substring(dot);
        if (!suffix.equals(".weight") && !suffix.equals(".bias")) return Optional.empty();
        String name = tensor.substring(0, dot);
        Matcher block = OF_BLOCK.matcher(name);
        boolean inBlock = block.matches();
        Place place = tensors.get(inBlock ? "blk.#." + block.group(2) : name);
        if (place == null) return Optional.empty();
        Layout layout = place.weightOnly() && suffix.equals(".bias") ? Layout.SAME : place.layout();
        String there = inBlock ? place.name().replace("#", block.group(1)) : place.name();
        return Optional.of(new Place(there + suffix, layout, false));
    }
}
