package org.dualform.model.family;

import java.util.List;
import org.dualform.contract.UserException;

/** All supported families; a new one is a line here. */
public final class Families {
    private static final List<Family> ALL = List.of(
            new Gemma(),
            new Gpt2(),
            new GptNeo(),
            new GptNeoX(),
            new Llama(),
            new Mistral(),
            new Opt(),
            new Phi(),
            Qwen.two(),
            Qwen.three(),
            new Xglm());

    private Families() {}

    /** Names of the supported families. */
    public static List<String> names() {
        return ALL.stream().map(Family::name).sorted().toList();
    }

    /**
     * The family of that {@code model_type}; a {@link UserException} names the supported ones.
     *
     * @param more the end of the sentence if there is no such family
     */
    static Family named(String modelType, String more) {
        for (Family family : ALL) {
            if (family.name().equals(modelType)) return family;
        }
        throw UserException.data("The architecture \"" + modelType + "\" is not supported; supported are "
                + String.join(", ", names()) + more);
    }
}
