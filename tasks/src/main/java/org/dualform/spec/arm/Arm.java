package org.dualform.spec.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/**
 * What a cell measures, {@code main} or a control: in what it differs from {@code main}.
 *
 * @param name in canonical form: equal controls have equal names
 * @param labels of the demonstrations, for in-context learning and fine-tuning alike
 * @param variant of the model, for all methods
 * @param tuning how the model is fine-tuned
 * @param passes of fine-tuning over the demonstrations; empty: the experiment's
 * @param learningRate of fine-tuning; empty: the experiment's
 * @param calibrated whether scores are calibrated on content-free inputs (Zhao et al. 2021)
 */
public record Arm(
        String name,
        Labels labels,
        ModelVariant variant,
        Tuning tuning,
        OptionalInt passes,
        OptionalDouble learningRate,
        boolean calibrated) {

    /** The experiment itself. */
    public static final Arm MAIN = of(Arms.MAIN);

    /**
     * The labels that demonstrations show.
     *
     * @param flip chance, and in the long run share, of demonstrations that show another label; empty: see {@code random}
     * @param random whether each shows a label drawn from all, right or wrong
     */
    public record Labels(OptionalDouble flip, boolean random) {
        /** The right ones. */
        public static final Labels GOLD = new Labels(OptionalDouble.empty(), false);

        static final Labels RANDOM = new Labels(OptionalDouble.empty(), true);
        private static final String RANDOM_TEXT = "random";
        private static final String GOLD_TEXT = "gold";

        /** As a task's parameter: {@code gold}, {@code random}, or the share that is flipped. */
        public String text() {
            if (random) return RANDOM_TEXT;
            return flip.isPresent() ? Double.toString(flip.getAsDouble()) : GOLD_TEXT;
        }

        /** Reads what {@link #text} wrote. */
        public static Labels of(String text) {
            return switch (text) {
                case GOLD_TEXT -> GOLD;
                case RANDOM_TEXT -> RANDOM;
                default -> new Labels(OptionalDouble.of(Double.parseDouble(text)), false);
            };
        }
    }

    /**
     * Reads an arm's name.
     *
     * @throws UserException naming every mistake in it
     */
    public static Arm of(String name) {
        List<String> mistakes = new ArrayList<>();
        Arm arm = new ArmReader(name, mistakes).read();
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.USAGE, mistakes);
        return arm;
    }

    /** Whether it is the experiment itself, and not a control. */
    public boolean isMain() {
        return name.equals(Arms.MAIN);
    }

    /** Whether it fine-tunes otherwise than {@code main}, so that its best learning rate may be another. */
    public boolean tunesOtherwise() {
        return !tuning.equals(Tuning.STANDARD) || passes.isPresent() || learningRate.isPresent();
    }
}
