package org.dualform.airflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorReplyTest {

    @Test
    void detailIsAString() {
        assertThat(ErrorReply.text("{\"detail\":\"DAG with dag_id: 'x' not found\"}"))
                .isEqualTo("DAG with dag_id: 'x' not found");
    }

    @Test
    void detailIsAnArrayOfFields() {
        String body = """
                {"detail":[{"type":"missing","loc":["body","logical_date"],"msg":"Field required","input":{}},
                           {"type":"extra_forbidden","loc":["body","conf","shot"],"msg":"Extra inputs are not permitted"}]}
                """;
        assertThat(ErrorReply.text(body))
                .isEqualTo("logical_date: Field required; conf.shot: Extra inputs are not permitted");
    }

    @Test
    void detailIsAnObject() {
        String body = """
                {"detail":{"reason":"Unique constraint violation","statement":"INSERT INTO dag_run …",
                           "orig_error":"UNIQUE constraint failed: dag_run.dag_id, dag_run.run_id"}}
                """;
        assertThat(ErrorReply.text(body))
                .isEqualTo("Unique constraint violation: UNIQUE constraint failed: dag_run.dag_id, dag_run.run_id");
    }

    @Test
    void bodyIsAPage() {
        String body =
                "<html><head><style>p{}</style><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>";
        assertThat(ErrorReply.text(body)).isEqualTo("502 Bad Gateway 502");
    }

    @Test
    void bodyIsEmptyOrOdd() {
        assertThat(ErrorReply.text(null)).isEqualTo("no explanation given");
        assertThat(ErrorReply.text("  ")).isEqualTo("no explanation given");
        assertThat(ErrorReply.text("[1, \"two\"]")).isEqualTo("1; two");
        assertThat(ErrorReply.text("x".repeat(5000))).hasSizeLessThan(700).endsWith("…");
    }
}
