package org.dualform.momentum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Tables 6 and 7 of Dai et al. 2022 for a study, as Markdown: perplexity by context length, and accuracy of in-context
 * learning by shot count. Each variant stands beside the vanilla model, with the paired difference over seeds.
 */
public final class StudyReport {
    private final MomentumStudy study;
    private final Map<String, Map<Long, Measurement>> byArm = new TreeMap<>();
    private final List<Measurement> diverged = new ArrayList<>();

    public StudyReport(MomentumStudy study, List<Measurement> measured) {
        this.study = study;
        for (Measurement one : measured) {
            if (!one.diverged().isEmpty()) diverged.add(one);
            else byArm.computeIfAbsent(one.arm(), arm -> new TreeMap<>()).put(one.seed(), one);
        }
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

    /** The whole report. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        out.append(sentence()).append("\n\n");
        out.append("### Perplexity by context length (the paper's table 6)\n\n");
        table(
                out,
                new TreeSet<>(study.size().contexts()),
                " tokens",
                2,
                "%.2f",
                (one, length) -> one.perplexityAt(length));
        out.append("\nLower is better. Held-out documents, 64 of each length, the same for every model.\n");
        TreeSet<Integer> shots = new TreeSet<>();
        byArm.values()
                .forEach(arm ->
                        arm.values().forEach(one -> shots.addAll(one.accuracy().keySet())));
        if (!shots.isEmpty()) {
            out.append("\n### Accuracy of in-context learning by shots (the paper's table 7)\n\n");
            table(out, shots, " shots", 2, "%.1f", (one, k) -> 100 * one.accuracyAt(k));
            out.append(
                    "\nIn %, the mean over the ten built-in kinds of task, 50 tasks of each, the same for every model.\n");
        }
        if (!diverged.isEmpty()) {
            out.append("\nDiverged, and left out:\n");
            diverged.forEach(one -> out.append("- ")
                    .append(one.arm())
                    .append(", seed ")
                    .append(one.seed())
                    .append(": ")
                    .append(one.diverged())
                    .append("\n"));
        }
        return out.toString();
    }

    /** A number of a measurement at one column. */
    @FunctionalInterface
    private interface Cell {
        double of(Measurement one, int column);
    }

    private void table(StringBuilder out, Set<Integer> columns, String unit, int least, String format, Cell cell) {
        out.append("| model | seeds |");
        columns.forEach(column -> out.append(" ").append(column).append(unit).append(" |"));
        out.append("\n|---|---|").append("---|".repeat(columns.size())).append("\n");
        for (MomentumStudy.Arm arm : study.arms()) {
            int seeds = byArm.getOrDefault(arm.name(), Map.of()).size();
            out.append("| ").append(arm.name()).append(" | ").append(seeds).append(" |");
            for (int column : columns) {
                ToDoubleFunction<Measurement> value = one -> cell.of(one, column);
                out.append(" ").append(seeds < 1 ? "–" : number(format, mean(arm.name(), value)));
                if (arm.momentum() != null) {
                    difference(arm.name(), value)
                            .filter(d -> d.n() >= least)
                            .ifPresent(d ->
                                    out.append(" (").append(told(format, d)).append(")"));
                }
                out.append(" |");
            }
            out.append("\n");
        }
        out.append(
                "\nIn brackets: the difference from vanilla, paired by seed, and its 95 % interval by Student's t.\n");
    }

    private static String told(String format, PairedInterval d) {
        String signed = format.replace("%", "%+");
        return number(signed, d.mean()) + " [" + number(signed, d.low()) + ", " + number(signed, d.high()) + "]";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** What was found, in one sentence for perplexity at the longest context and one for accuracy at the most shots. */
    public String sentence() {
        int longest = study.size().contexts().get(study.size().contexts().size() - 1);
        String perplexity = finding("perplexity at " + longest + " tokens", one -> one.perplexityAt(longest), true);
        boolean tasks = byArm.values().stream()
                .flatMap(arm -> arm.values().stream())
                .anyMatch(one -> !one.accuracy().isEmpty());
        if (!tasks) return perplexity;
        int most = byArm.values().stream()
                .flatMap(arm -> arm.values().stream())
                .flatMap(one -> one.accuracy().keySet().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
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
        return "In " + what + ", over " + study.seeds().size() + " seeds: better than vanilla " + list(better)
                + "; worse " + list(worse) + "; no effect that can be told from 0 " + list(open) + ".";
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
