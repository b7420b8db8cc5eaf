package org.dualform.task.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.Request;
import org.dualform.mlflow.TrackedRun;
import org.dualform.task.MlflowProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a process that outlives its try: the supervisor that watched it was killed, and Airflow tried again beside it. */
@Tag("slow")
class TakenOverTest {
    @TempDir
    Path folder;

    private StudyTracking tryOf(String server, String task, int number) {
        Request request = new Request(
                Request.SCHEMA,
                "infer",
                new Request.Identity("dag", "run", task, 0, number),
                new Request.Tracking(server, "taken-over", "dag/run"),
                JsonNodeFactory.instance.objectNode(),
                Map.of(),
                folder.resolve("w").toString(),
                false);
        return StudyTracking.open(request, Map.of()).orElseThrow();
    }

    private static String open(StudyTracking study) {
        try (TrackedRun run = study.run(study.key("cell", "icl"), "a curve", Map.of(), Map.of())) {
            return run.id().orElseThrow();
        }
    }

    @Test
    void theRunBelongsToTheTaskAndTheTryThatOpenedItLast() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                StudyTracking first = tryOf(server.uri(), "infer_icl", 1);
                StudyTracking second = tryOf(server.uri(), "infer_icl", 2);
                StudyTracking later = tryOf(server.uri(), "infer_ft", 1)) {
            String run = open(first);
            assertThat(first.isOurs(run)).isTrue();
            assertThat(open(second)).isEqualTo(run);
            assertThat(first.isOurs(run)).isFalse();
            assertThat(second.isOurs(run)).isTrue();
            assertThat(open(later)).isEqualTo(run);
            assertThat(second.isOurs(run)).isFalse();
        }
    }
}
