package org.dualform.mlflow.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the addresses of pages, character by character. */
class LinksTest {
    @Test
    void linksOpenTheRightPages() {
        Links links = new Links(URI.create("http://h:1"), "7");
        assertThat(links.run("r")).hasToString("http://h:1/#/experiments/7/runs/r?workflowType=machine_learning");
        assertThat(links.artifact("r", "a b/report.html"))
                .hasToString("http://h:1/#/experiments/7/runs/r/artifacts/a%20b/report.html"
                        + "?workflowType=machine_learning");
        assertThat(links.table("it's"))
                .hasToString("http://h:1/#/experiments/7/runs?searchFilter=tags.study%20%3D%20%22it%27s%22%20AND%20"
                        + "tags.%60dualform.superseded%60%20IS%20NULL&compareRunsMode=TABLE"
                        + "&workflowType=machine_learning");
        assertThat(links.shared("k"))
                .hasToString("http://h:1/#/experiments/7/runs?viewStateShareKey=k&compareRunsMode=CHART"
                        + "&workflowType=machine_learning");
        assertThat(links.metric(List.of("a", "b"), "accuracy"))
                .hasToString(
                        "http://h:1/#/metric?runs=%5B%22a%22%2C%22b%22%5D&metric=%22accuracy%22&experiments="
                                + "%5B%227%22%5D&plot_metric_keys=%5B%22accuracy%22%5D&x_axis=step&workflowType=machine_learning");
        assertThat(links.compare(List.of("a", "b")))
                .hasToString("http://h:1/#/compare-runs?runs=%5B%22a%22%2C%22b%22%5D&experiments=%5B%227%22%5D"
                        + "&workflowType=machine_learning");
        assertThat(links.experiment()).hasToString("http://h:1/#/experiments/7/runs?workflowType=machine_learning");
        assertThat(links.metric(List.of("a"), "flip=0.5/x").toString()).contains("metric=%22flip%3A0.5%2Fx%22");
    }
}
