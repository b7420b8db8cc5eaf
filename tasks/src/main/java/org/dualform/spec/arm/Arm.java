package org.dualform.spec.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/**
 * What a cell measures: the experiment itself ({@code main}), or a control, which differs from it in one respect.
 *
 * @param name the name in canonical form, so that equal controls have equal names
 * @param labels the labels that demonstrations show, in context and in fine-tuning alike
 * @param variant the model's weights, for all methods
 * @param tuning how the model is fine-tuned
 * @param passes passes of fine-tuning over the demonstrations; empty: as in the experiment
 * @param learningRate learning rate of fine-tuning; empty: as in the experiment
 * @param calibrated whether scores are calibrated on content-free inputs (Zhao et al. 2021, arXiv 2102.09690)
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
     * @param flip the chance that a demonstration shows another label than its own; empty: none is flipped
     * @param random whether each demonstration shows a label drawn from all, right or wrong
     */
    public record Labels(OptionalDouble flip, boolean random) {
        /** Every demonstration shows its own label. */
        public static final Labels GOLD = new Labels(OptionalDouble.empty(), false);

        static final Labels RANDOM = new Labels(OptionalDouble.empty(), true);
        private static final String RANDOM_TEXT = "random";
        private static final String GOLD_TEXT = "gold";

        /** The value of a task's parameter: {@code gold}, {@code random}, or the chance of a flip. */
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

    /** Whether it changes weights differently from the experiment itself. */
    public boolean tunesOtherwise() {
        return !tuning.equals(Tuning.STANDARD) || passes.isPresent() || learningRate.isPresent();
    }

    /** Whether another learning rate than that of the experiment itself may be its best. */
    public boolean learnsOtherwise() {
        return tunesOtherwise() && !tuning.patches();
    }
}
