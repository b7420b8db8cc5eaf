package org.dualform.model.family.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.part.Rotary;

/**
 * Reads rotary frequencies from both styles of config.json: {@code rope_parameters} (transformers 5), and {@code
 * rope_theta} with {@code rope_scaling} (before). The frequencies are computed in single precision and in the order of
 * transformers.
 */
public final class RotaryConfig {
    private static final int WIDEST = 1 << 14;
    private static final String SUPPORTED = "default, linear, llama3 and yarn";

    /** The older keys for the base, and for the share of a head that is rotated. */
    public record Keys(String theta, String share) {}

    private static final Keys USUAL = new Keys("rope_theta", "partial_rotary_factor");

    private final ModelConfig config;
    private final JsonNode scaling;
    private final int positions;

    private RotaryConfig(ModelConfig config, int positions) {
        this.config = config;
        this.positions = positions;
        JsonNode old = config.node("rope_scaling");
        this.scaling = old.isMissingNode() || old.isNull() ? config.node("rope_parameters") : old;
    }

    /** @param positions the length of the model's longest sequence, which a scaling refers to if it names no other */
    public static Rotary whole(ModelConfig config, int headDim, int positions) {
        Rotary rotary = partial(config, headDim, positions, USUAL, 1);
        if (rotary.dimensions() != headDim && headDim % 2 == 0) {
            config.mistake("\"partial_rotary_factor\" is not 1: heads of this family are rotated as a whole.");
        }
        return rotary;
    }

    /** @param share the share of a head that is rotated if the configuration does not say */
    public static Rotary partial(ModelConfig config, int headDim, int positions, Keys keys, double share) {
        return new RotaryConfig(config, positions).read(headDim, keys, share);
    }

    private Rotary read(int headDim, Keys keys, double defaultShare) {
        double share = scaling.has("partial_rotary_factor")
                ? config.positive(scaling, "partial_rotary_factor", defaultShare)
                : config.positive(keys.share(), defaultShare);
        int dimensions = (int) Math.min(headDim + 1L, (long) (headDim * share));
        if (dimensions % 2 != 0 || dimensions == 0 || dimensions > Math.min(headDim, WIDEST)) {
            config.mistake("the rotary dimensions of a head must be even and from 2 to " + Math.min(headDim, WIDEST)
                    + ", but are " + dimensions + ".");
            return new Rotary(List.of(1f), 1);
        }
        double theta = scaling.has("rope_theta")
                ? config.positive(scaling, "rope_theta", 10000)
                : config.positive(keys.theta(), 10000);
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(theta, 2f * i / dimensions);
        }
        double length = scale(frequencies, theta);
        List<Float> boxed = new ArrayList<>();
        for (float f : frequencies) boxed.add(f);
        return new Rotary(boxed, length);
    }

    /** Scales {@code frequencies} in place. Returns the factor on the length of the rotated dimensions. */
    private double scale(float[] frequencies, double theta) {
        if (scaling.isMissingNode() || scaling.isNull()) return 1;
        if (!scaling.isObject()) {
            config.mistake("the rotary scaling must be an object, but is " + Json.write(scaling) + ".");
            return 1;
        }
        JsonNode named = scaling.has("rope_type") ? scaling.get("rope_type") : scaling.path("type");
        String type = named.isMissingNode() ? "default" : named.asText();
        switch (type) {
            case "default" -> {}
            case "linear" -> {
                double factor = config.required(scaling, "factor");
                for (int i = 0; i < frequencies.length; i++) frequencies[i] /= (float) factor;
            }
            case "llama3" -> llama3(frequencies);
            case "frequency_factors" -> divide(frequencies);
            case "yarn" -> {
                return yarn(frequencies, theta);
            }
            case "dynamic", "longrope" ->
                config.mistake(
                        "the rotary type \"" + type + "\" makes positions depend on the sequence's length, so that"
                                + " prompts could not share work: it is refused. Use a model with " + SUPPORTED + ".");
            default ->
                config.mistake("the rotary type \"" + type + "\" is not supported; supported are " + SUPPORTED + ".");
        }
        return 1;
    }

    /** Divides each frequency by its own factor. GGUF files have these factors in place of what they come from. */
    private void divide(float[] frequencies) {
        JsonNode factors = scaling.path("factors");
        boolean fine = factors.size() == frequencies.length;
        for (JsonNode factor : factors) fine &= Double.isFinite(factor.asDouble()) && factor.asDouble() > 0;
        if (fine)
            for (int i = 0; i < frequencies.length; i++)
                frequencies[i] /= factors.get(i).floatValue();
        else config.mistake("there have to be " + frequencies.length + " rotary factors, all above 0.");
    }

    private double originalPositions() {
        return config.positive(scaling, "original_max_position_embeddings", positions);
    }

    /** Llama 3.1: long wavelengths are stretched, short ones stay, and those between are blended. */
    private void llama3(float[] frequencies) {
        double factor = config.required(scaling, "factor");
        double low = config.required(scaling, "low_freq_factor");
        double high = config.required(scaling, "high_freq_factor");
        double old = originalPositions();
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

    /**
     * YaRN (Peng et al. 2023, arXiv:2309.00071): dimensions of high frequency stay, those of low frequency are
     * stretched, with a ramp between them.
     */
    private double yarn(float[] frequencies, double theta) {
        double old = originalPositions();
        double factor = scaling.hasNonNull("factor") ? config.positive(scaling, "factor", 1) : positions / old;
        double low = dimension(orElse("beta_fast", 32), 2 * frequencies.length, theta, old);
        double high = dimension(orElse("beta_slow", 1), 2 * frequencies.length, theta, old);
        if (scaling.path("truncate").asBoolean(true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, 2 * frequencies.length - 1);
        if (low == high) high += 0.001;
        for (int i = 0; i < frequencies.length; i++) {
            double stretched = Math.min(1, Math.max(0, (i - low) / (high - low)));
            double f = frequencies[i];
            frequencies[i] = (float) (f / factor * stretched + f * (1 - stretched));
        }
        if (scaling.hasNonNull("attention_factor")) return config.positive(scaling, "attention_factor", 1);
        boolean pair = scaling.path("mscale").asDouble() != 0
                && scaling.path("mscale_all_dim").asDouble() != 0;
        return pair
                ? length(factor, scaling.get("mscale").asDouble())
                        / length(factor, scaling.get("mscale_all_dim").asDouble())
                : length(factor, 1);
    }

    /** The dimension that makes {@code times} rotations over {@code tokens} tokens. */
    private static double dimension(double times, int dimensions, double theta, double tokens) {
        return dimensions * Math.log(tokens / (times * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double length(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private double orElse(String key, double whenAbsent) {
        return scaling.hasNonNull(key) ? config.positive(scaling, key, whenAbsent) : whenAbsent;
    }
}
