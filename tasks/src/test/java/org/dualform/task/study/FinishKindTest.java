package org.dualform.task.study;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the last task says of a study of which nothing was measured. */
class FinishKindTest {
    private static final String MODELS = Path.of(System.getProperty("dualform.root", ".."), "models")
            .toAbsolutePath()
            .normalize()
            .toString();

    @TempDir
    Path folder;

    @Test
    void aStudyThatWasStoppedSaysWhyAndNotWhatIsMissing() {
        Result plan = run(
                "plan",
                Json.mapper()
                        .createObjectNode()
                        .set(
                                PlanKind.EXPERIMENT,
                                Json.mapper()
                                        .createObjectNode()
                                        .put("model", "mini")
                                        .put("datasets", "topics")
                                        .put("shots", "0,2")
                                        .put("seeds", "1")),
                Map.of());
        ObjectNode stopped = Json.mapper().createObjectNode().put("stopped", "ada did not approve it");
        assertThatThrownBy(() -> run("finish", stopped, plan.outputs()))
                .isInstanceOf(PermanentException.class)
                .hasMessage("Nothing was computed: ada did not approve it.");
        // A run that was approved sends an empty text.
        assertThatThrownBy(() -> run("finish", stopped.put("stopped", ""), plan.outputs()))
                .isInstanceOf(PermanentException.class)
                .hasMessageStartingWith("1 of 1 cell is missing: topics");
    }

    private Result run(String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        PlanKind plan = new PlanKind(Map.of("DUALFORM_MODEL_ROOTS", MODELS, "DUALFORM_HOME", folder.toString()), 1);
        TaskRunner runner = new TaskRunner(
                Map.of("plan", plan, "finish", new FinishKind()),
                Models.ofOneTask(),
                TaskEvents.none(),
                new Cancellation());
        String workspace = folder.resolve("workspace").toString();
        return runner.run(new Request(1, kind, null, null, parameters, inputs, workspace, false));
    }
}
