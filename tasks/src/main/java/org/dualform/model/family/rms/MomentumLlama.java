package org.dualform.model.family.rms;

import java.util.Arrays;
import java.util.Optional;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.Weights;

/**
 * Llama with {@link Momentum}: Llama's configuration and tensors, with {@code momentum} and {@code momentum_decay}. The
 * family is Dualform's own. Other programs have no code for its name and refuse it, as they should: read as Llama, such a
 * model would give other numbers.
 */
public final class MomentumLlama implements Family {
    /** The family's {@code model_type}. */
    public static final String NAME = "dualform_momentum";

    /** Its class in {@code architectures}. */
    public static final String CLASS = "DualformMomentumForCausalLM";

    public static final String FORM = "momentum";
    public static final String DECAY = "momentum_decay";

    private final Llama llama = new Llama();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Architecture architecture(ModelConfig config) {
        return llama.architecture(config).withFamily(NAME).withMomentum(momentum(config));
    }

    private static Momentum momentum(ModelConfig config) {
        String given = config.text(FORM, "");
        Optional<Momentum.Form> form = Arrays.stream(Momentum.Form.values())
                .filter(one -> one.id().equals(given))
                .findFirst();
        if (form.isEmpty()) {
            config.mistake("\"" + FORM + "\" must be one of " + String.join(", ", Momentum.Form.ids()) + ", but is "
                    + (given.isEmpty() ? "missing" : "\"" + given + "\"") + ".");
        }
        return new Momentum(form.orElse(Momentum.Form.SUM), config.shareBelowOne(DECAY));
    }

    @Override
    public Weights weights(Architecture architecture, TensorSource source) {
        return llama.weights(architecture, source);
    }

    @Override
    public boolean ignores(String tensor) {
        return llama.ignores(tensor);
    }
}
