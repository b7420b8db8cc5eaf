package org.dualform.finetune;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import org.dualform.finetune.train.Stability;
import org.dualform.score.race.Contestant;
import org.dualform.score.race.Race;
import org.dualform.score.race.RowScore;
import org.jspecify.annotations.Nullable;

/** Races rates until one wins whose training is stable. What was scored in one race is not scored again in the next. */
final class RateRace {
    private final Race race;
    private final DoubleFunction<RateTrial> trial;
    private final TreeMap<Double, RateTrial> trials = new TreeMap<>();
    private final Map<Double, Contestant> contestants = new TreeMap<>();
    private final Map<Double, List<RowScore>> scores = new TreeMap<>();
    private final Map<Double, Stability> stabilities = new TreeMap<>();
    private final Set<Double> unstable = new HashSet<>();

    /** @param trial makes the trial of a rate */
    RateRace(Race race, DoubleFunction<RateTrial> trial) {
        this.race = race;
        this.trial = trial;
    }

    void add(double rate) {
        RateTrial added = trial.apply(rate);
        trials.put(rate, added);
        contestants.put(rate, added.contestant());
    }

    double lowest() {
        return trials.firstKey();
    }

    /** The best of the rates at which training is stable; empty if there is none. */
    OptionalDouble run() {
        while (true) {
            List<Double> rates = trials.keySet().stream()
                    .filter(rate -> !unstable.contains(rate))
                    .toList();
            Race.Outcome outcome = race.run(rates.stream()
                    .map(rate -> Objects.requireNonNull(contestants.get(rate)))
                    .toList());
            for (int i = 0; i < rates.size(); i++)
                keep(rates.get(i), outcome.scores().get(i));
            if (outcome.winner().isEmpty()) return OptionalDouble.empty();
            double best = rates.get(outcome.winner().getAsInt());
            if (isStable(best)) return OptionalDouble.of(best);
            unstable.add(best);
        }
    }

    /** A later race may need fewer rows of a rate than one before. */
    private void keep(double rate, List<RowScore> found) {
        List<RowScore> before = scores.getOrDefault(rate, List.of());
        scores.put(rate, found.isEmpty() || found.size() > before.size() ? found : before);
    }

    private boolean isStable(double rate) {
        Stability found = Objects.requireNonNull(trials.get(rate)).stability();
        if (found == null) return false;
        stabilities.put(rate, found);
        return !found.unstable();
    }

    /** The scores of the first rows; empty if they are undefined. */
    List<RowScore> scores(double rate) {
        return scores.getOrDefault(rate, List.of());
    }

    /** All rates that were tried, ascending. */
    List<RateSelection.Point> points() {
        List<RateSelection.Point> points = new ArrayList<>();
        trials.forEach(
                (rate, tried) -> points.add(point(rate, scores(rate), tried.divergence(), stabilities.get(rate))));
        return points;
    }

    static RateSelection.Point point(
            double rate, List<RowScore> scores, @Nullable String divergence, @Nullable Stability stability) {
        HeldOutScore score = HeldOutScore.of(scores);
        return new RateSelection.Point(
                rate,
                score.meanLogLikelihood(),
                score.accuracy(),
                scores.size(),
                divergence == null ? score.reason() : divergence,
                stability);
    }
}
