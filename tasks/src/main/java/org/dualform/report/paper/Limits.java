package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;

/** What the studies cannot show, as far as they tell themselves. */
final class Limits {
    /** From this many seeds on, intervals speak of other draws of demonstrations too. */
    private static final int SEEDS = 5;

    private Limits() {}

    static List<String> of(List<MeasuredStudy> studies) {
        List<String> limits = new ArrayList<>();
        limits.add(
                "The paper's models, its rows and its draws of demonstrations are others. A direction that differs says"
                        + " that it does not hold for this model on these rows, not that the paper's numbers are wrong.");
        fewSeeds(studies, limits);
        noRates(studies, limits);
        noise(studies, limits);
        limits.add(
                "Each interval stands by itself. With this many of them some exclude the truth: 1 in 20 of those of 95 %.");
        limits.add(
                "Where a value is compared with a floor, the two intervals must be apart. That decides less often than"
                        + " an interval of the difference would.");
        return limits;
    }

    private static void fewSeeds(List<MeasuredStudy> studies, List<String> limits) {
        List<String> few = names(
                studies,
                study -> study.datasets().stream()
                        .flatMap(dataset -> study.rows(dataset, Arms.MAIN).stream())
                        .anyMatch(row -> row.seeds().size() < SEEDS));
        if (!few.isEmpty())
            limits.add(String.join(", ", few) + ": fewer than " + SEEDS
                    + " draws of demonstrations. The intervals are about these draws; others may give other results.");
    }

    private static void noRates(List<MeasuredStudy> studies, List<String> limits) {
        List<String> given = names(studies, study -> study.results().rates().isEmpty());
        if (!given.isEmpty())
            limits.add(String.join(", ", given)
                    + ": the learning rate was given and not chosen. Fine-tuning may do better at another.");
    }

    private static void noise(List<MeasuredStudy> studies, List<String> limits) {
        Set<String> places = new LinkedHashSet<>();
        for (MeasuredStudy study : studies)
            for (String dataset : study.datasets())
                if (study.largest(dataset, Arms.MAIN).filter(Limits::isUnstable).isPresent())
                    places.add(study.model() + " on " + dataset);
        if (!places.isEmpty())
            limits.add("Fine-tuning is unstable, so that its result depends on rounding: " + String.join(", ", places)
                    + ". No claim about fine-tuning should rest on these.");
    }

    private static boolean isUnstable(SummaryRow row) {
        Metric unstable = row.metric(MetricName.of(ScoredMethod.FT, Quantity.UNSTABLE));
        return unstable != null && unstable.value() != null && unstable.value() > 0;
    }

    private static List<String> names(List<MeasuredStudy> studies, Predicate<MeasuredStudy> which) {
        return studies.stream().filter(which).map(MeasuredStudy::name).toList();
    }
}
