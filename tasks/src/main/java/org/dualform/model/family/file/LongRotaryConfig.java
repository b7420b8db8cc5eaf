package org.dualform.model.family.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.contract.Json;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;

/**
 * Reads rotary positions that LongRoPE may have stretched (Ding et al. 2024, arXiv:2402.13753), as in Phi 3: every
 * frequency is divided by a factor of its own, which is another one in sequences longer than those of the first
 * training.
 */
public final class LongRotaryConfig {
    private static final int USUAL_LENGTH = 4096;
    private static final String LENGTH = "original_max_position_embeddings";

    private final ModelConfig config;
    private final JsonNode scaling;
    private final RotaryConfig.Base base;

    private LongRotaryConfig(ModelConfig config, JsonNode scaling, RotaryConfig.Base base) {
        this.config = config;
        this.scaling = scaling;
        this.base = base;
    }

    /** @param positions the length of the model's longest sequence */
    public static Rotaries read(ModelConfig config, int headDim, int positions) {
        JsonNode scaling = RotaryConfig.scaling(config);
        String type =
                scaling.path(scaling.has("rope_type") ? "rope_type" : "type").asText("default");
        if (type.equals("su") && !scaling.has(LENGTH)) {
            config.mistake("the rotary type \"su\" is longrope's first name, and transformers reads it only if the"
                    + " object has \"" + LENGTH + "\" too: name it longrope.");
        } else if (!List.of("default", "longrope", "su", "yarn").contains(type)) {
            config.mistake("the rotary type \"" + type + "\" is not supported; supported are default and longrope.");
        }
        LongRotaryConfig read = new LongRotaryConfig(config, scaling, RotaryConfig.base(config, headDim));
        return type.equals("default") ? Rotaries.same(read.plain()) : read.stretched(positions);
    }

    private Rotaries stretched(int positions) {
        int original = config.count(LENGTH, USUAL_LENGTH);
        if (original < 2) config.mistake("\"" + LENGTH + "\" (" + original + ") must be at least 2.");
        double length = length(original, positions);
        Rotary brief = divided("short_factor", length);
        Rotary stretched = divided("long_factor", length);
        return new Rotaries(List.of(brief), positions <= original ? null : new Rotaries.Longer(original, stretched));
    }

    /** The factor on the length of the rotated dimensions. */
    private double length(int original, int positions) {
        if (scaling.hasNonNull("attention_factor")) return config.positive(scaling, "attention_factor", 1);
        double factor =
                scaling.hasNonNull("factor") ? config.positive(scaling, "factor", 1) : (double) positions / original;
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    }

    private Rotary plain() {
        return new Rotary(
                IntStream.range(0, base.dimensions() / 2)
                        .mapToObj(i -> 1 / base.period(i))
                        .toList(),
                1);
    }

    /** The frequencies, each divided by its element of the list {@code key}, in the order of transformers. */
    private Rotary divided(String key, double length) {
        JsonNode factors = scaling.path(key);
        int wanted = base.dimensions() / 2;
        List<Float> frequencies = new ArrayList<>();
        for (JsonNode factor : factors) {
            if (factor.isNumber() && factor.floatValue() > 0 && frequencies.size() < wanted) {
                frequencies.add(1 / (factor.floatValue() * base.period(frequencies.size())));
            }
        }
        if (!factors.isArray() || factors.size() != wanted || frequencies.size() != wanted) {
            config.mistake("\"" + key + "\" must be a list of " + wanted
                    + " numbers above 0, one for each two rotary dimensions, but is " + Json.write(factors) + ".");
            return plain();
        }
        return new Rotary(frequencies, length);
    }
}
