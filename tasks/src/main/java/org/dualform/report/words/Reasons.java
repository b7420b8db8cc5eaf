package org.dualform.report.words;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;

/** Says why a value is not there, and what to bear in mind about one that is. The only place with these sentences. */
public final class Reasons {
    private Reasons() {}

    /** All that there is to say about a metric, in one line; empty where there is nothing. */
    public static String of(Metric metric) {
        return Stream.concat(
                        metric.absence().stream().map(Reasons::of),
                        metric.cautions().stream().map(Reasons::of))
                .collect(Collectors.joining("; "));
    }

    /** All of these in one line; empty where there are none. */
    public static String of(List<Absence> absences) {
        return absences.stream().map(Reasons::of).collect(Collectors.joining("; "));
    }

    static String of(Absence absence) {
        if (absence instanceof Absence.Missing missing) return name(missing.method()) + " is missing";
        if (absence instanceof Absence.Failed failed) return failed.message();
        if (absence instanceof Absence.Diverged diverged)
            return name(diverged.method()) + " diverged at step " + diverged.step();
        if (absence instanceof Absence.EmptyDenominator empty) return empty(empty.of());
        if (absence instanceof Absence.Incomparable incomparable)
            return "undefined in every layer: " + cause(incomparable.cause());
        if (absence instanceof Absence.NotFinite) return "not finite";
        if (absence instanceof Absence.Stated stated) return stated.sentence();
        return "not measured";
    }

    /** The same after a metric's name, where it has to say that the metric is undefined. */
    static String undefined(Absence absence) {
        boolean saysSo = absence instanceof Absence.Incomparable
                || absence.equals(new Absence.EmptyDenominator(Absence.Denominator.DEFINED_ROWS));
        return saysSo ? of(absence) : "undefined, " + of(absence);
    }

    static String of(Caution caution) {
        if (caution instanceof Caution.TooFew few) return "too few: n = " + few.n();
        if (caution instanceof Caution.NoInterval) return "too few cases for an interval";
        if (caution instanceof Caution.GivenSeeds given) return "given these " + given.seeds() + " seeds";
        if (caution instanceof Caution.SeedsMissing missing)
            return missing.seeds() + " of the seeds missing: " + of(missing.why());
        if (caution instanceof Caution.UndefinedAnswers answers)
            return answers.undefined() + " of " + answers.of() + " answers of "
                    + answers.method().id() + " undefined (scores not finite) and counted as wrong";
        if (caution instanceof Caution.UndefinedLayers layers)
            return "undefined in layer "
                    + layers.layers().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + ": nothing changes there";
        if (caution instanceof Caution.UndefinedRows rows)
            return rows.undefined() + " of " + rows.of() + " rows undefined";
        return ((Caution.Stated) caution).sentence();
    }

    private static String name(ScoredMethod method) {
        return method == ScoredMethod.ZSL ? "zero-shot" : method.id();
    }

    private static String empty(Absence.Denominator denominator) {
        return switch (denominator) {
            case EXAMPLES -> "no example was evaluated";
            case ERRORS_FIXED_BY_FT -> "fine-tuning fixed no zero-shot error";
            case ZERO_SHOT_ERRORS -> "zero-shot made no error";
            case ERRORS_OF_EITHER -> "both are right everywhere";
            case NEXT_TOKENS -> "no next tokens were kept";
            case FINITE_SCORES -> "no row has finite scores of both methods";
            case DEFINED_ROWS -> "undefined in every row";
        };
    }

    private static String cause(Absence.Cause cause) {
        return switch (cause) {
            case NOTHING_TO_COMPARE -> "nothing to compare";
            case NO_MORE_THAN_THE_TOP -> "not more of them than the top that is counted";
        };
    }
}
