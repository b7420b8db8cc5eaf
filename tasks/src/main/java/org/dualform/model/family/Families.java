package org.dualform.model.family;

import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.layernorm.Bloom;
import org.dualform.model.family.layernorm.Gpt2;
import org.dualform.model.family.layernorm.GptJ;
import org.dualform.model.family.layernorm.GptNeo;
import org.dualform.model.family.layernorm.GptNeoX;
import org.dualform.model.family.layernorm.Opt;
import org.dualform.model.family.layernorm.Phi;
import org.dualform.model.family.layernorm.StableLm;
import org.dualform.model.family.layernorm.Starcoder2;
import org.dualform.model.family.layernorm.Xglm;
import org.dualform.model.family.rms.Gemma;
import org.dualform.model.family.rms.Gemma2;
import org.dualform.model.family.rms.Gemma3;
import org.dualform.model.family.rms.Granite;
import org.dualform.model.family.rms.Llama;
import org.dualform.model.family.rms.Mistral;
import org.dualform.model.family.rms.MomentumLlama;
import org.dualform.model.family.rms.Olmo2;
import org.dualform.model.family.rms.Phi3;
import org.dualform.model.family.rms.Qwen;
import org.dualform.model.family.rms.SmolLm3;
import org.dualform.model.part.Architecture;

/**
 * All supported families. A new family is a class that implements {@link Family} and a line here. Name it in the guide's
 * list of families, and in {@code VerificationTest} if there are reference values for it.
 */
public final class Families {
    private static final List<Family> ALL = List.of(
            new Bloom(),
            new Gemma(),
            new Gemma2(),
            new Gemma3(),
            new Gpt2(),
            new GptJ(),
            new GptNeo(),
            new GptNeoX(),
            new Granite(),
            new Llama(),
            new Mistral(),
            new MomentumLlama(),
            new Olmo2(),
            new Opt(),
            new Phi(),
            new Phi3(),
            Qwen.two(),
            Qwen.three(),
            new StableLm(),
            new Starcoder2(),
            new SmolLm3(),
            new Xglm());

    private Families() {}

    /** Names of the supported families. */
    public static List<String> names() {
        return ALL.stream().map(Family::name).sorted().toList();
    }

    /**
     * The family that the configuration's {@code model_type} names.
     *
     * @throws UserException if it is not supported; the message names those that are
     */
    public static Family of(ModelConfig config) {
        String type = config.text("model_type", "");
        for (Family family : ALL) {
            if (family.name().equals(type)) return family;
        }
        String own = config.bringsOwnCode()
                ? " The checkpoint brings its own Python code (\"auto_map\"), which is not run here."
                : config.node("text_config").isObject()
                        ? " It is a model of texts and pictures: save its language model alone (its model_type is that of"
                                + " \"text_config\")."
                        : "";
        throw UserException.data("The architecture \"" + type + "\" is not supported; supported are "
                + String.join(", ", names()) + " (" + config.where() + ")." + own);
    }

    /**
     * The model that a configuration describes.
     *
     * @throws UserException naming every mistake in the configuration
     */
    public static Architecture architecture(ModelConfig config) {
        Family family = of(config);
        return config.withoutAliases(family.aliases()).checked(family::architecture);
    }
}
