package org.dualform.dev.suite;

import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the soak test, which runs instead of the others. */
final class SoakOptions {
    @Option(
            names = "--soak",
            required = true,
            description = "Runs the soak test alone: it kills parts of a distributed stack at random moments while a"
                    + " study runs, and compares with an undisturbed run. It takes half an hour or more.")
    private boolean wanted;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "30",
            description = "With --soak: how many kills. Default: ${DEFAULT-VALUE}.")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "With --soak: the seed of moments and victims. Default: a new one, which is printed.")
    private @Nullable Integer seed;

    boolean wanted() {
        return wanted;
    }

    /** The environment variables that the soak test reads. */
    Map<String, String> variables() {
        if (kills < 1) throw UserException.usage("--kills must be at least 1; it is " + kills + ".");
        Map<String, String> variables = new HashMap<>(Map.of("DUALFORM_SOAK_KILLS", Integer.toString(kills)));
        Integer given = seed;
        if (given != null) {
            if (given < 0) throw UserException.usage("--seed must not be negative; it is " + given + ".");
            variables.put("DUALFORM_SOAK_SEED", given.toString());
        }
        return variables;
    }
}
