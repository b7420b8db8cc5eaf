package org.dualform.score.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.junit.jupiter.api.Test;

class ResultRowTest {
    private static final String START = "{'cell': 'c', 'model': 'm', 'dataset': 'd', 'seed': 3, 'order': 2,"
            + " 'arm': 'main', 'template': 't', 'shots': 8, 'true_shots': 6, 'context_tokens': 90,"
            + " 'learning_rate': 0.1, 'record_position': 'predict', 'status': 'diverged',"
            + " 'metrics': {'icl.accuracy': {'kind': 'share', 'value': 0.5, 'n': 40}}";
    private static final Absence DIVERGED = new Absence.Diverged(ScoredMethod.FT, 3);

    private static ResultRow read(String rest) throws JsonProcessingException {
        return Json.mapper().readValue((START + rest + "}").replace('\'', '"'), ResultRow.class);
    }

    @Test
    void everyFieldIsReadFromItsOwnName() throws JsonProcessingException {
        ResultRow row = read(", 'absence': [{'why': 'diverged', 'method': 'ft', 'step': 3}], 'chosen': ['icl'],"
                + " 'selected_on': 'train', 'reason': 'fine-tuning diverged'");
        assertThat(row)
                .isEqualTo(new ResultRow(
                        "c",
                        new CellId("m", "d", 3, 2, "main", "t"),
                        new FittedShots(8, 6, 90),
                        .1,
                        "predict",
                        RowStatus.DIVERGED,
                        List.of(DIVERGED),
                        List.of(ScoredMethod.ICL),
                        "train",
                        Map.of("icl.accuracy", Metric.of(MetricKind.SHARE, .5, 40))));
        assertThat(row.model()).isEqualTo("m");
        assertThat(row.dataset()).isEqualTo("d");
        assertThat(row.seed()).isEqualTo(3);
        assertThat(row.order()).isEqualTo(2);
        assertThat(row.arm()).isEqualTo("main");
        assertThat(row.template()).isEqualTo("t");
        assertThat(row.shots()).isEqualTo(8);
        assertThat(row.trueShots()).isEqualTo(6);
        assertThat(row.contextTokens()).isEqualTo(90);
        assertThat(row.metric(MetricName.parse("icl.accuracy"))).isEqualTo(Metric.of(MetricKind.SHARE, .5, 40));
        assertThat(row.metric(MetricName.parse("ft.accuracy"))).isNull();
    }

    @Test
    void anEarlierFilesSentenceIsItsAbsence() throws JsonProcessingException {
        assertThat(read(", 'reason': 'fine-tuning diverged'").absence())
                .containsExactly(new Absence.Stated("fine-tuning diverged"));
        assertThat(read("").absence()).isEmpty();
        assertThat(read("").chosen()).isNull();
        assertThat(read("").selectedOn()).isNull();
    }

    @Test
    void onlyTheMainArmIsTheExperiment() {
        CellId main = new CellId("m", "d", 1, 0, "main", "t");
        assertThat(row(main).isMain()).isTrue();
        assertThat(row(main.withArm("shuffled")).isMain()).isFalse();
    }

    @Test
    void changesLeaveTheRestAsItWas() {
        ResultRow row = row(new CellId("m", "d", 1, 0, "main", "t"));
        ResultRow chosen = row.withChoice(List.of(ScoredMethod.FT), "train");
        assertThat(chosen.chosen()).containsExactly(ScoredMethod.FT);
        assertThat(chosen.selectedOn()).isEqualTo("train");
        assertThat(chosen.withChoice(null, null)).isEqualTo(row);
        Map<String, Metric> others = Map.of("ft.steps", Metric.cost(4));
        ResultRow changed = chosen.withMetrics(others);
        assertThat(changed.metrics()).isEqualTo(others);
        assertThat(changed.withMetrics(row.metrics())).isEqualTo(chosen);
    }

    private static ResultRow row(CellId id) {
        return new ResultRow(
                "c",
                id,
                new FittedShots(8, null, null),
                null,
                "predict",
                RowStatus.DIVERGED,
                List.of(DIVERGED),
                Map.of("icl.accuracy", Metric.of(MetricKind.SHARE, .5, 40)));
    }
}
