package org.dualform.mlflow.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.mlflow.value.RunView;

/**
 * Chooses the params by which a page groups its curves. The param {@code curve} alone identifies a curve. Further params
 * change nothing in the groups, but they change their colours: MLflow's UI derives the colour of a group from its name,
 * and a view cannot set it. So params are added until no two curves of one chart look alike.
 */
final class CurveGrouping {
    private static final String CURVE = "curve";

    /** Params that tell readers something; they are tried first. */
    private static final List<String> TELLING = List.of("method", "dataset", "model", "template", "limit");

    /** Colours that differ less than this are hard to tell apart; see {@link GroupColour#distance}. */
    private static final int FAR_ENOUGH = 60;

    private CurveGrouping() {}

    /**
     * The first grouping, by the number of its params, in which the curves of each chart look different; else the one
     * whose most alike curves differ most, those of the first chart before those of the second.
     */
    static List<String> of(List<RunView> main, List<RunView> controls) {
        List<String> best = List.of(CURVE);
        int most = -1;
        for (List<String> candidate : candidates(Stream.concat(main.stream(), controls.stream())
                .map(RunView::params)
                .toList())) {
            int first = Math.min(FAR_ENOUGH, leastDistance(candidate, main));
            int second = Math.min(FAR_ENOUGH, leastDistance(candidate, controls));
            int distance = first * (FAR_ENOUGH + 1) + second;
            if (distance > most) {
                most = distance;
                best = candidate;
            }
            if (first == FAR_ENOUGH && second == FAR_ENOUGH) {
                break;
            }
        }
        return best;
    }

    /** The curve alone, then with one further param, then with two. */
    private static List<List<String>> candidates(List<Map<String, String>> curves) {
        List<String> further = harmless(curves);
        List<List<String>> candidates = new ArrayList<>();
        candidates.add(List.of(CURVE));
        further.forEach(param -> candidates.add(List.of(CURVE, param)));
        for (String one : further) {
            for (String other : further) {
                if (!one.equals(other)) {
                    candidates.add(List.of(CURVE, one, other));
                }
            }
        }
        return candidates;
    }

    /** The params that have one value in all runs of a curve, so that grouping by them too parts no group. */
    private static List<String> harmless(List<Map<String, String>> curves) {
        Set<String> names = new TreeSet<>();
        curves.forEach(curve -> names.addAll(curve.keySet()));
        names.removeIf(name -> name.equals(CURVE) || !harmless(name, curves));
        List<String> ordered = new ArrayList<>(TELLING);
        ordered.retainAll(names);
        names.removeAll(TELLING);
        ordered.addAll(names);
        return ordered;
    }

    private static boolean harmless(String name, List<Map<String, String>> curves) {
        Map<String, String> values = new HashMap<>();
        return curves.stream().allMatch(curve -> {
            String value = curve.get(name);
            String key = curve.getOrDefault(CURVE, "");
            return value != null && value.equals(values.computeIfAbsent(key, first -> value));
        });
    }

    private static int leastDistance(List<String> params, List<RunView> curves) {
        List<GroupColour> colours = curves.stream()
                .map(run -> groupName(params, run.params()))
                .distinct()
                .map(GroupColour::of)
                .toList();
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.size(); i++) {
            for (int j = 0; j < i; j++) {
                least = Math.min(least, colours.get(i).distance(colours.get(j)));
            }
        }
        return least;
    }

    /** The name that MLflow's UI gives to a group: {@code param.NAME.VALUE}, joined by commas. */
    private static String groupName(List<String> params, Map<String, String> values) {
        return params.stream()
                .map(param -> "param." + param + "." + values.getOrDefault(param, "null"))
                .collect(Collectors.joining(","));
    }
}
