package org.dualform.model.family.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.model.part.function.Rotary;

/**
 * Reads rotary frequencies from both styles of config.json: {@code rope_parameters} (transformers 5), and {@code
 * rope_theta} with {@code rope_scaling} (before). The frequencies are computed in single precision and in the order of
 * transformers.
 */
public final class RotaryConfig {
    private static final int WIDEST = 1 << 14;
    private static final String SUPPORTED = "default, linear, llama3 and yarn";

    private static final double USUAL_BASE = 10_000;

    /**
     * The older keys for the base, and for the share of a head that is rotated.
     *
     * @param base the base if the configuration does not say
     */
    public record Keys(String theta, String share, double base) {
        public Keys(String theta, String share) {
            this(theta, share, USUAL_BASE);
        }

        /** The keys of most families, with another base for a configuration that does not say. */
        public static Keys usual(double base) {
            return new Keys("rope_theta", "partial_rotary_factor", base);
        }
    }

    private static final Keys USUAL = Keys.usual(USUAL_BASE);

    private final ModelConfig config;
    private final JsonNode scaling;
    private final int positions;

    private RotaryConfig(ModelConfig config, JsonNode scaling, int positions) {
        this.config = config;
        this.scaling = scaling;
        this.positions = positions;
    }

    /** The object that scales, in either style; a missing node or a null if there is none. */
    static JsonNode scaling(ModelConfig config) {
        JsonNode old = config.node("rope_scaling");
        return old.isMissingNode() || old.isNull() ? config.node("rope_parameters") : old;
    }

    /** @param positions the length of the model's longest sequence, which a scaling refers to if it names no other */
    public static Rotary whole(ModelConfig config, int headDim, int positions) {
        return whole(config, headDim, positions, USUAL);
    }

    /** As {@link #whole(ModelConfig, int, int)}, with other keys. */
    public static Rotary whole(ModelConfig config, int headDim, int positions, Keys keys) {
        return whole(config, scaling(config), headDim, positions, keys);
    }

    /** As {@link #whole(ModelConfig, int, int)}, with other keys, and with the object that scales. */
    public static Rotary whole(ModelConfig config, JsonNode scaling, int headDim, int positions, Keys keys) {
        Rotary rotary = new RotaryConfig(config, scaling, positions).read(headDim, keys, 1);
        if (rotary.dimensions() != headDim && headDim % 2 == 0) {
            config.mistake("\"partial_rotary_factor\" is not 1: heads of this family are rotated as a whole.");
        }
        return rotary;
    }

    /**
     * Pairs of neighbours in the first dimensions of a head, with the base 10000 and without scaling.
     *
     * @param key the key that gives the number of these dimensions
     */
    public static Rotary neighbours(ModelConfig config, String key, int whenAbsent, int headDim) {
        int dimensions = config.count(key, whenAbsent);
        int widest = Math.min(headDim, WIDEST);
        if (dimensions % 2 != 0 || dimensions > widest) {
            config.mistake("\"" + key + "\" must be even and from 2 to " + widest + ", but is " + dimensions + ".");
            dimensions = 2;
        }
        return new Rotary(boxed(new Base(dimensions, 10000).frequencies()), 1, Rotary.Pairing.NEIGHBOURS);
    }

    /** @param share the share of a head that is rotated if the configuration does not say */
    public static Rotary partial(ModelConfig config, int headDim, int positions, Keys keys, double share) {
        return new RotaryConfig(config, scaling(config), positions).read(headDim, keys, share);
    }

    /**
     * What rotary positions are made of before they are scaled.
     *
     * @param dimensions the number of dimensions of a head that are rotated
     * @param theta the base
     */
    record Base(int dimensions, double theta) {
        /** The tokens in which the pair of dimensions {@code i} turns by one radian. */
        float period(int i) {
            return (float) Math.pow(theta, 2f * i / dimensions);
        }

        /** The angles per position, in radians. */
        float[] frequencies() {
            float[] frequencies = new float[dimensions / 2];
            for (int i = 0; i < frequencies.length; i++) frequencies[i] = 1 / period(i);
            return frequencies;
        }
    }

    /** The base and the dimensions that are rotated, in the usual keys; all dimensions if the configuration names none. */
    static Base base(ModelConfig config, int headDim) {
        return new RotaryConfig(config, scaling(config), 0).base(headDim, USUAL, 1);
    }

    private Base base(int headDim, Keys keys, double defaultShare) {
        double share = scaling.has("partial_rotary_factor")
                ? config.positive(scaling, "partial_rotary_factor", defaultShare)
                : config.positive(keys.share(), defaultShare);
        int dimensions = (int) Math.min(headDim + 1L, (long) (headDim * share));
        if (dimensions % 2 != 0 || dimensions == 0 || dimensions > Math.min(headDim, WIDEST)) {
            config.mistake("the rotary dimensions of a head must be even and from 2 to " + Math.min(headDim, WIDEST)
                    + ", but are " + dimensions + ".");
            dimensions = 2;
        }
        double theta = scaling.has("rope_theta")
                ? config.positive(scaling, "rope_theta", keys.base())
                : config.positive(keys.theta(), keys.base());
        return new Base(dimensions, theta);
    }

    private Rotary read(int headDim, Keys keys, double defaultShare) {
        Base base = base(headDim, keys, defaultShare);
        float[] frequencies = base.frequencies();
        double length = scale(frequencies, base.theta);
        return new Rotary(boxed(frequencies), length);
    }

    private static List<Float> boxed(float[] frequencies) {
        List<Float> boxed = new ArrayList<>();
        for (float f : frequencies) boxed.add(f);
        return boxed;
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
            case "dynamic" ->
                config.mistake("the rotary type \"dynamic\" makes positions depend on each sequence's length, so that"
                        + " prompts could not share work: it is refused. Use a model with " + SUPPORTED + ".");
            case "longrope" ->
                config.mistake("the rotary type \"longrope\" is supported in phi3 only; here supported are " + SUPPORTED
                        + ".");
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
