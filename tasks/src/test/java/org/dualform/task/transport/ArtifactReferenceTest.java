package org.dualform.task.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dualform.contract.ExitCode;
import org.dualform.contract.Reference;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which references to artifacts there are. */
class ArtifactReferenceTest {
    private static final String KEY = "a5b20272bdff8a7fdaa0bf572407a85d23caed57fb615d262e6e2961a7a40dae";
    private static final String RIGHT =
            "mlflow-artifacts:/649fb9100fa14e54a114b3c7154a4113/transport/prompt/" + KEY + "/68a1aebe1266.prompts.json";

    private static ArtifactReference parse(String uri) {
        return ArtifactReference.parse("prompts", new Reference(uri, KEY, 3));
    }

    @Test
    void namesAFileOfATaskInARun() {
        ArtifactReference reference = parse(RIGHT);
        assertThat(reference)
                .isEqualTo(new ArtifactReference(
                        "649fb9100fa14e54a114b3c7154a4113", "prompt", KEY, "68a1aebe1266.prompts.json"));
        assertThat(reference.uri()).isEqualTo(RIGHT);
        assertThat(reference.path()).isEqualTo("transport/prompt/" + KEY + "/68a1aebe1266.prompts.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlflow-artifacts://other.example/RUN/transport/prompt/KEY/prompts.json",
                "mlflow-artifacts://RUN/transport/prompt/KEY/prompts.json",
                "mlflow-artifacts:RUN/transport/prompt/KEY/prompts.json",
                "mlflow-artifacts:/RUN/transport/prompt/../KEY/prompts.json",
                "mlflow-artifacts:/RUN/transport/../KEY/prompts.json",
                "mlflow-artifacts:/../transport/prompt/KEY/prompts.json",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/..",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/.hidden",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/a/b",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/..%2f..%2fb",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/a\\b",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/a?path=b",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/a#b",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/a\n",
                "mlflow-artifacts:/RUN/transport/prompt/KEY/",
                "mlflow-artifacts:/RUN/transport/prompt/kurz/prompts.json",
                "mlflow-artifacts:/RUN/report.html",
                "mlflow-artifacts:/etc/passwd",
                "file:///etc/passwd",
                "http://127.0.0.1/transport/prompt/KEY/prompts.json",
                "MLFLOW-ARTIFACTS:/RUN/transport/prompt/KEY/prompts.json"
            })
    void leadsNowhereElse(String uri) {
        assertThatThrownBy(() -> parse(
                        uri.replace("RUN", "649fb9100fa14e54a114b3c7154a4113").replace("KEY", KEY)))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                .hasMessageContaining("Input prompts is ")
                .hasMessageContaining("no other server");
    }
}
