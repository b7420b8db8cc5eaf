package org.dualform.model.family.file;

import java.util.Map;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Weights;

/** A model family: how its config.json and its tensors' names map to the decoder's parts. */
public interface Family {
    /** The family's {@code model_type} in config.json. */
    String name();

    /**
     * Other names for keys of config.json, with the names that the family reads. The family's class in transformers
     * takes either.
     */
    default Map<String, String> aliases() {
        return Map.of();
    }

    /** Reads a configuration. Mistakes are collected by {@code config} and not thrown. */
    Architecture architecture(ModelConfig config);

    /** Takes every tensor that the architecture needs, split and transposed as the decoder needs it. */
    Weights weights(Architecture architecture, TensorSource source);

    /** Whether a stored tensor that was not taken is known not to be a weight, such as the buffers in old files. */
    default boolean ignores(String tensor) {
        return false;
    }
}
