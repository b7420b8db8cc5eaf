package org.dualform.spec.choice;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** One value of a parameter that has a fixed set of them. Implemented by enums; JSON carries the {@link #id}. */
public interface Choice {
    /** The constant's name, as every enum has it. */
    String name();

    /** The name used in flags, spec, form and files. */
    @JsonValue
    default String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
