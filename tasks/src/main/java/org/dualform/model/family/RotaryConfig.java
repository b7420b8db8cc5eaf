package org.dualform.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.part.Rotary;

/**
 * Rotary frequencies from either style of config.json: {@code rope_parameters} (transformers 5), or {@code rope_theta}
 * and {@code rope_scaling} (before).
 */
final class RotaryConfig {
    private RotaryConfig() {}

    /**
     * @param dimensions how many dimensions of a head turn; even
     * @param thetaKey the old key of the base
     * @param positions the model's longest sequence, the reference length where llama3 scaling gives none
     */
    static Rotary read(ModelConfig config, int dimensions, String thetaKey, int positions) {
        if (dimensions % 2 != 0 || dimensions == 0) {
            config.mistake("the rotary dimensions of a head must be even and above 0, but are " + dimensions + ".");
            return new Rotary(List.of(1f));
        }
        JsonNode parameters = config.node("rope_parameters");
        JsonNode scaling = parameters.isObject() ? parameters : config.node("rope_scaling");
        double theta = parameters.has("rope_theta")
                ? config.positive(parameters, "rope_theta", 10000)
                : config.positive(thetaKey, 10000);
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(theta, 2f * i / dimensions);
        }
        scale(config, scaling, positions, frequencies);
        List<Float> boxed = new ArrayList<>();
        for (float f : frequencies) boxed.add(f);
        return new Rotary(boxed);
    }

    private static void scale(ModelConfig config, JsonNode scaling, int positions, float[] frequencies) {
        if (!scaling.isObject()) {
            if (!scaling.isMissingNode() && !scaling.isNull()) {
                config.mistake("the rotary scaling must be an object, but is " + Json.write(scaling) + ".");
            }
            return;
        }
        JsonNode named = scaling.has("rope_type") ? scaling.get("rope_type") : scaling.path("type");
        String type = named.isMissingNode() ? "default" : named.asText();
        switch (type) {
            case "default" -> {}
            case "linear" -> {
                double factor = config.positive(scaling, "factor", 1);
                for (int i = 0; i < frequencies.length; i++) frequencies[i] /= (float) factor;
            }
            case "llama3" -> llama3(config, scaling, positions, frequencies);
            case "dynamic", "longrope" ->
                config.mistake(
                        "the rotary type \"" + type + "\" makes positions depend on the sequence's length, so that"
                                + " prompts could not share work: it is refused. Use a model with default, linear or llama3.");
            default ->
                config.mistake(
                        "the rotary type \"" + type + "\" is not supported; supported are default, linear and llama3.");
        }
    }

    /** Long wavelengths are stretched, short ones stay, those between are blended (Llama 3.1). */
    private static void llama3(ModelConfig config, JsonNode scaling, int positions, float[] frequencies) {
        double factor = config.positive(scaling, "factor", 8);
        double low = config.positive(scaling, "low_freq_factor", 1);
        double high = config.positive(scaling, "high_freq_factor", 4);
        double old = config.positive(scaling, "original_max_position_embeddings", positions);
        for (int i = 0; i < frequencies.length; i++) {
            double f = frequencies[i];
            double wavelength = 2 * Math.PI / f;
            if (wavelength > old / low) {
                frequencies[i] = (float) (f / factor);
            } else if (wavelength >= old / high) {
                double smooth = (old / wavelength - low) / (high - low);
                frequencies[i] = (float) ((1 - smooth) * f / factor + smooth * f);
            }
        }
    }
}
