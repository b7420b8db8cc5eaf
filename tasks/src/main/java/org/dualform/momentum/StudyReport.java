package org.dualform.momentum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.dualform.base.Counted;
import org.dualform.momentum.result.Cell;
import org.dualform.momentum.result.PairedInterval;
import org.dualform.momentum.result.StudyFindings;
import org.dualform.momentum.result.StudyTable;
import org.dualform.momentum.result.StudyTable.Quantity;

/**
 * Tables 6 and 7 of Dai et al. 2022 for a study: perplexity by context length, and accuracy of in-context learning by
 * shot count. Each variant stands beside the vanilla model, with the paired difference over seeds.
 */
public final class StudyReport {
    private final MomentumStudy study;
    private final Map<String, Map<Long, Measurement>> byArm = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /** @param measured of each training at most one; a training without one is named as missing */
    public StudyReport(MomentumStudy study, List<Measurement> measured) {
        this.study = study;
        for (MomentumStudy.Training training : study.trainings()) {
            String arm = training.arm().name();
            long seed = training.seed();
            Optional<Measurement> found = measured.stream()
                    .filter(one -> one.arm().equals(arm) && one.seed() == seed)
                    .findFirst();
            if (found.isEmpty()) leftOut.add(arm + ", seed " + seed + ": missing, because its training did not end.");
            else if (!found.get().diverged().isEmpty())
                leftOut.add(arm + ", seed " + seed + ": " + found.get().diverged());
            else byArm.computeIfAbsent(arm, name -> new TreeMap<>()).put(seed, found.get());
        }
    }

    /** Everything that was found. */
    public StudyFindings findings() {
        List<StudyTable> tables = new ArrayList<>();
        tables.add(table(Quantity.PERPLEXITY, new TreeSet<>(study.size().contexts())));
        if (!shots().isEmpty()) tables.add(table(Quantity.ACCURACY, shots()));
        return new StudyFindings(sentence(), about(), tables, leftOut);
    }

    private String about() {
        MomentumStudy.Training first = study.trainings().get(0);
        return "Size " + study.size().id() + ": " + Counted.of(study.arms().size(), "model") + ", "
                + Counted.of(study.seeds().size(), "seed") + ", "
                + Counted.of(first.recipe().steps(), "step")
                + " of training each, with equal seeds, data, steps and parameters.";
    }

    /** The whole report in Markdown. */
    public String markdown() {
        return StudyMarkdown.of(findings());
    }

    private SortedSet<Integer> shots() {
        SortedSet<Integer> shots = new TreeSet<>();
        byArm.values()
                .forEach(arm ->
                        arm.values().forEach(one -> shots.addAll(one.accuracy().keySet())));
        return shots;
    }

    private StudyTable table(Quantity quantity, SortedSet<Integer> columns) {
        List<StudyTable.Row> rows = new ArrayList<>();
        for (MomentumStudy.Arm arm : study.arms()) {
            List<Cell> cells = new ArrayList<>();
            int seeds = byArm.getOrDefault(arm.name(), Map.of()).size();
            for (int column : columns) {
                ToDoubleFunction<Measurement> value = one -> value(quantity, one, column);
                if (seeds > 0) {
                    cells.add(new Cell(
                            mean(arm.name(), value),
                            arm.momentum() == null
                                    ? null
                                    : difference(arm.name(), value).orElse(null)));
                }
            }
            rows.add(new StudyTable.Row(arm.name(), seeds, cells));
        }
        return new StudyTable(quantity, List.copyOf(columns), rows);
    }

    private static double value(Quantity quantity, Measurement one, int column) {
        return switch (quantity) {
            case PERPLEXITY -> one.perplexityAt(column);
            case ACCURACY -> one.accuracyAt(column);
        };
    }

    /** One arm's paired differences from the vanilla model; empty if fewer than two seeds have both. */
    public Optional<PairedInterval> difference(String arm, ToDoubleFunction<Measurement> value) {
        Map<Long, Measurement> plain = byArm.getOrDefault(MomentumStudy.VANILLA, Map.of());
        double[] differences = byArm.getOrDefault(arm, Map.of()).entrySet().stream()
                .filter(seed -> plain.containsKey(seed.getKey()))
                .mapToDouble(
                        seed -> value.applyAsDouble(seed.getValue()) - value.applyAsDouble(plain.get(seed.getKey())))
                .toArray();
        return differences.length < 2 ? Optional.empty() : Optional.of(PairedInterval.of(differences));
    }

    private double mean(String arm, ToDoubleFunction<Measurement> value) {
        return byArm.getOrDefault(arm, Map.of()).values().stream()
                .mapToDouble(value)
                .average()
                .orElse(Double.NaN);
    }

    /** What was found, in one sentence for perplexity at the longest context and one for accuracy at the most shots. */
    public String sentence() {
        int longest = study.size().contexts().get(study.size().contexts().size() - 1);
        String perplexity = finding("perplexity at " + longest + " tokens", one -> one.perplexityAt(longest), true);
        if (shots().isEmpty()) return perplexity;
        int most = shots().last();
        return perplexity + " " + finding("accuracy at " + most + " shots", one -> one.accuracyAt(most), false);
    }

    private String finding(String what, ToDoubleFunction<Measurement> value, boolean lowerIsBetter) {
        List<String> better = new ArrayList<>();
        List<String> worse = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (MomentumStudy.Arm arm : study.arms()) {
            if (arm.momentum() == null) continue;
            Optional<PairedInterval> d = difference(arm.name(), value);
            if (d.isEmpty() || !d.get().excludesZero()) open.add(arm.name());
            else if (d.get().mean() < 0 == lowerIsBetter) better.add(arm.name());
            else worse.add(arm.name());
        }
        return String.format(
                Locale.ROOT,
                "In %s, over %d seeds: better than vanilla %s; worse %s; no effect that can be told from 0 %s.",
                what,
                study.seeds().size(),
                list(better),
                list(worse),
                list(open));
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
