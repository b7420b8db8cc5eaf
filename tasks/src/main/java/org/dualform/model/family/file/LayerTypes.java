package org.dualform.model.family.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.dualform.contract.Json;
import org.dualform.model.part.Windows;

/** Reads which layers have a sliding window: as {@code layer_types} says, or else by the family's own pattern. */
public final class LayerTypes {
    private LayerTypes() {}

    /**
     * Whether each layer slides.
     *
     * @param pattern whether a layer, counted from 0, slides if the configuration has no {@code layer_types}
     */
    public static List<Boolean> slides(ModelConfig config, int layers, IntPredicate pattern) {
        JsonNode types = config.node("layer_types");
        boolean named = !types.isMissingNode() && !types.isNull();
        if (named && (!types.isArray() || types.size() != layers)) {
            config.mistake("\"layer_types\" must be a list that names each of " + layers + " layers, but "
                    + (types.isArray() ? "names " + types.size() : "is " + Json.write(types)) + ".");
            return List.of();
        }
        List<Boolean> slides = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            slides.add(named ? slides(config, types.get(i)) : pattern.test(i));
        }
        return slides;
    }

    private static boolean slides(ModelConfig config, JsonNode type) {
        switch (type.asText()) {
            case "full_attention" -> {
                return false;
            }
            case "sliding_attention" -> {
                return true;
            }
            default -> {
                config.mistake("\"layer_types\" has " + Json.write(type)
                        + "; supported are full_attention and sliding_attention.");
                return false;
            }
        }
    }

    /**
     * The windows of layers that slide or do not.
     *
     * @param window the window of those that slide; {@link Windows#ALL} if the configuration gives none, which is a
     *     mistake if {@code layer_types} names such a layer
     * @param keys the keys that give one, for the message
     */
    public static Windows windows(ModelConfig config, List<Boolean> slides, int window, String keys) {
        if (window == Windows.ALL && config.node("layer_types").isArray() && slides.contains(true)) {
            config.mistake("\"layer_types\" has \"sliding_attention\", but no window is given: set " + keys + ".");
        }
        return new Windows(
                slides.stream().map(each -> each ? window : Windows.ALL).toList());
    }
}
