package org.dualform.mlflow.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.junit.jupiter.api.Test;

/** Tests that the curves of one page look different. The colours of groups were read from MLflow's own page. */
class CurveGroupingTest {
    private static RunView run(String dataset, String method) {
        Map<String, String> params = Map.of("curve", dataset + " " + method, "dataset", dataset, "method", method);
        return new RunView("r", "1", "n", RunStatus.FINISHED, 0, false, "", params, Map.of(), Map.of());
    }

    private static List<RunView> curves(String... datasets) {
        return Stream.of(datasets)
                .flatMap(dataset -> Stream.of(run(dataset, "icl"), run(dataset, "ft"), run(dataset, "ft")))
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
        assertThat(CurveGrouping.of(curves("topics"))).containsExactly("curve");
        assertThat(CurveGrouping.of(List.of())).containsExactly("curve");
    }

    @Test
    void aSecondParamTellsCurvesOfOneColourApart() {
        assertThat(CurveGrouping.of(curves("sentiment", "topics"))).containsExactly("curve", "method");
    }
}
