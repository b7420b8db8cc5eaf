package org.dualform.report.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;

/** What a study asked for and did not get: cells that are missing in whole or in part, and those that diverged. */
public final class Shortfalls {
    private Shortfalls() {}

    /** A cell, the shot counts concerned, and why. */
    public record Shortfall(String cell, List<Integer> shots, RowStatus status, String reason) {
        public String sentence() {
            String what = status == RowStatus.DIVERGED ? "diverged" : "missing";
            return cell + ", shots "
                    + String.join(", ", shots.stream().map(String::valueOf).toList()) + ": " + what
                    + (reason.isEmpty() ? "" : " (" + reason + ")") + ".";
        }
    }

    /** Missing ones first, each group in the order of the rows. */
    public static List<Shortfall> of(Results results) {
        List<Shortfall> all = new ArrayList<>(of(results, RowStatus.MISSING));
        all.addAll(of(results, RowStatus.DIVERGED));
        return all;
    }

    public static List<Shortfall> of(Results results, RowStatus status) {
        Map<List<String>, List<Integer>> groups = new LinkedHashMap<>();
        for (ResultRow row : results.rows()) {
            if (row.status() != status) continue;
            groups.computeIfAbsent(List.of(name(row), Reasons.of(row.absence())), key -> new ArrayList<>())
                    .add(row.shots());
        }
        return groups.entrySet().stream()
                .map(group -> new Shortfall(
                        group.getKey().get(0),
                        group.getValue(),
                        status,
                        group.getKey().get(1)))
                .toList();
    }

    private static String name(ResultRow row) {
        return row.dataset() + " · seed " + row.seed() + (row.order() == 0 ? "" : " · order " + row.order())
                + (row.isMain() ? "" : " · " + row.arm());
    }
}
