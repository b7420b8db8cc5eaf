package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.dualform.cli.terminal.HeardConsole;
import org.dualform.cli.workflow.AnsweringAirflow;
import org.junit.jupiter.api.Test;

class DagReadyTest {
    @Test
    void waitsUntilTheDagIsReadAndTellsWhichFilesWereNot() throws IOException, InterruptedException {
        HeardConsole said = new HeardConsole(false);
        try (AnsweringAirflow airflow = new AnsweringAirflow()) {
            airflow.on("GET /api/v2/dags", 200, "{\"dags\":[],\"total_entries\":0}");
            airflow.on(
                    "GET /api/v2/dags",
                    200,
                    "{\"dags\":[{\"dag_id\":\"sweep\",\"is_paused\":false,\"has_import_errors\":false}],\"total_entries\":1}");
            airflow.on(
                    "GET /api/v2/dags/sweep/details", 200, "{\"dag_id\":\"sweep\",\"is_paused\":false,\"params\":{}}");
            airflow.on(
                    "GET /api/v2/importErrors",
                    200,
                    "{\"import_errors\":[{\"import_error_id\":1,\"filename\":\"/dags/other.py\","
                            + "\"stack_trace\":\"SyntaxError: line 3\"}],\"total_entries\":1}");
            assertThat(DagReady.await(airflow.client(), "sweep", said.console()).dagId())
                    .isEqualTo("sweep");
            assertThat(said.text()).contains("import errors: other.py");
            DagReady.warnOfOthers(airflow.client(), said.console());
            assertThat(said.text()).contains("/dags/other.py", "SyntaxError: line 3");
        }
    }
}
