package org.dualform.model.family;

import java.util.List;
import java.util.stream.Collectors;
import org.dualform.contract.UserException;

/** All supported families; a new one is a line here. */
public final class Families {
    private static final List<Family> ALL = List.of(new Gpt2(), new Llama());

    private Families() {}

    /** Names of the supported families. */
    public static List<String> names() {
        return ALL.stream().map(Family::name).sorted().toList();
    }

    /** The family of that {@code model_type}; a {@link UserException} names the supported ones. */
    public static Family named(String modelType) {
        for (Family family : ALL) {
            if (family.name().equals(modelType)) return family;
        }
        throw UserException.data("The architecture \"" + modelType + "\" is not supported; supported are "
                + names().stream().collect(Collectors.joining(", ")) + ".");
    }
}
