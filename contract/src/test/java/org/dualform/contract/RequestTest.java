package org.dualform.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class RequestTest {
    @Test
    void everyMistakeIsNamedAtOnce() throws Exception {
        JsonNode json = Json.mapper().readTree("""
                        {"schema": 2, "kind": "predict", "parameters": {}, "typo": 1,
                         "inputs": {"prompts": {"uri": "file:/etc/passwd", "sha256": "AB", "bytes": -1}}}
                        """);
        UserException e = catchThrowableOfType(UserException.class, () -> Request.parse(json));
        assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(e.getMessage())
                .startsWith("7 mistakes:")
                .contains("schema", "kind", "workspace", "typo", "uri", "sha256", "bytes", "\"file:/etc/passwd\"");
    }

    @Test
    void whatIsReadIsWrittenAgain() throws Exception {
        JsonNode json = Json.mapper().readTree("""
                        {"schema": 1, "kind": "infer", "parameters": {"method": "icl"}, "workspace": "/w", "fresh": true,
                         "identity": {"dag_id": "d", "run_id": "r", "task_id": "t", "map_index": -1, "try_number": 1},
                         "tracking": {"uri": "http://localhost:1", "experiment": "e", "study": "s"},
                         "inputs": {"prompts": {"uri": "workspace:a/b", "sha256": "%s", "bytes": 3}}}
                        """.formatted("0".repeat(64)));
        assertThat(Json.canonical(Request.parse(json).toJson())).isEqualTo(Json.canonical(json));
    }
}
