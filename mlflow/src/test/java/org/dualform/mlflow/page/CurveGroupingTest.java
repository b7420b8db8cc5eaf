package org.dualform.mlflow.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the curves of one page look different. The colours of groups were read from MLflow's own page. */
class CurveGroupingTest {
    private static RunView run(String dataset, String method, int seed) {
        Map<String, String> params =
                new HashMap<>(Map.of("curve", dataset + " " + method, "dataset", dataset, "method", method));
        params.putAll(Map.of("model", "mini", "template", "generic", "limit", "200", "split", "validation"));
        params.put("seed", Integer.toString(seed));
        return new RunView("r", "1", "n", RunStatus.FINISHED, 0, false, "", params, Map.of(), Map.of());
    }

    private static List<RunView> curves(String... datasets) {
        return Stream.of(datasets)
                .flatMap(dataset -> Stream.of(run(dataset, "icl", 1), run(dataset, "ft", 1), run(dataset, "ft", 2)))
                .toList();
    }

    @Test
    void groupsAreColouredAsMlflowColoursThem() {
        assertThat(GroupColour.of("param.curve.sentiment icl")).isEqualTo(new GroupColour(0x5f7281));
        assertThat(GroupColour.of("param.curve.sentiment ft")).isEqualTo(new GroupColour(0x8a63bf));
        assertThat(GroupColour.of("param.curve.topics icl")).isEqualTo(new GroupColour(0x93320b));
        assertThat(GroupColour.of("param.curve.topics ft")).isEqualTo(new GroupColour(0x8a63bf));
        assertThat(GroupColour.of("param.curve.topics ft,param.method.ft")).isEqualTo(new GroupColour(0x04867d));
    }

    @Test
    void theCurveAloneGroupsWhereItsColoursDiffer() {
        assertThat(CurveGrouping.of(curves("topics"), List.of())).containsExactly("curve");
        assertThat(CurveGrouping.of(List.of(), List.of())).containsExactly("curve");
    }

    @Test
    void aSecondParamTellsCurvesOfOneColourApart() {
        assertThat(CurveGrouping.of(curves("sentiment", "topics"), List.of())).containsExactly("curve", "method");
    }

    /** The colours of the groups, as MLflow's page draws them. */
    private static List<GroupColour> colours(List<RunView> curves, List<String> grouping) {
        return curves.stream()
                .map(run -> grouping.stream()
                        .map(param -> "param." + param + "." + run.params().get(param))
                        .collect(Collectors.joining(",")))
                .distinct()
                .map(GroupColour::of)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void curvesOfSeveralDataSetsAndTheirControlsAllLookDifferent(int datasets) {
        String[] names =
                Stream.of("sst2", "subj", "agnews", "cb").limit(datasets).toArray(String[]::new);
        List<RunView> main = curves(names);
        List<RunView> controls =
                curves(Stream.of(names).limit(2).map(name -> name + " flip=0.5").toArray(String[]::new));
        List<String> grouping = CurveGrouping.of(main, controls);
        assertThat(grouping).doesNotContain("seed");
        assertThat(colours(main, grouping)).hasSize(2 * datasets).doesNotHaveDuplicates();
        assertThat(colours(controls, grouping)).hasSize(4).doesNotHaveDuplicates();
    }
}
