package org.dualform.model.family;

import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Weights;

/** A model family: the mapping from config.json and tensor names to the decoder's parts. */
public interface Family {
    /** Its {@code model_type} in config.json. */
    String name();

    /** Reads the configuration; mistakes are collected by {@code config}, not thrown. */
    Architecture architecture(ModelConfig config);

    /** Takes every tensor the architecture needs, splitting and transposing into the decoder's form. */
    Weights weights(Architecture architecture, TensorSource source);

    /** Whether a stored tensor that was not taken is known to be no weight (buffers of old files). */
    default boolean ignores(String tensor) {
        return false;
    }
}
