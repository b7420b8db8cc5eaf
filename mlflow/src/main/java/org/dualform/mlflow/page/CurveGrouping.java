package org.dualform.mlflow.page;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.mlflow.value.RunView;

/**
 * Chooses the params by which a page groups its curves. The param {@code curve} alone identifies a curve. A second param
 * changes nothing in the groups, but it changes their colours: MLflow's UI derives the colour of a group from its name,
 * and a view cannot set it. So a second param is added if two curves would look alike without it.
 */
final class CurveGrouping {
    private static final String CURVE = "curve";

    private static final List<List<String>> CANDIDATES = List.of(
            List.of(CURVE),
            List.of(CURVE, "method"),
            List.of(CURVE, "dataset"),
            List.of(CURVE, "model"),
            List.of(CURVE, "template"),
            List.of(CURVE, "limit"));

    /** Colours that differ less than this are hard to tell apart; see {@link GroupColour#distance}. */
    private static final int FAR_ENOUGH = 60;

    private CurveGrouping() {}

    /** The first grouping in which all curves look different; else the one whose most alike curves differ most. */
    static List<String> of(List<RunView> curves) {
        List<String> best = CANDIDATES.get(0);
        int most = -1;
        for (List<String> candidate : CANDIDATES) {
            int distance = leastDistance(candidate, curves);
            if (distance >= FAR_ENOUGH) {
                return candidate;
            }
            if (distance > most) {
                most = distance;
                best = candidate;
            }
        }
        return best;
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
