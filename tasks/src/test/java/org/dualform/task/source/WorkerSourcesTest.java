package org.dualform.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.task.store.WorkerName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests where a worker finds what another worker has planned with. */
class WorkerSourcesTest {
    private static final String NONE = "0".repeat(64);

    @TempDir
    Path folder;

    private ObjectNode local(Map<String, String> environment, ObjectNode parameters) {
        return new WorkerSources(environment).local(parameters, Progress.none(), line -> {});
    }

    private static ObjectNode source(String field, String name, Object path) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters
                .putObject(field)
                .put("name", name)
                .put("path", path.toString())
                .put("sha256", NONE);
        return parameters;
    }

    @Test
    void aPathThatIsHereStays() {
        ObjectNode parameters = source("dataset", "topics", folder);
        assertThat(local(Map.of(), parameters)).isSameAs(parameters);
    }

    @Test
    void aModelOfTheSameNameIsTakenFromTheWorkersOwnRoots() throws Exception {
        Path model = Files.createDirectories(folder.resolve("roots/mini"));
        Files.writeString(model.resolve("config.json"), "{}");
        ObjectNode planned = source("model", "mini", "/not/here/mini");
        ObjectNode here =
                local(Map.of("DUALFORM_MODEL_ROOTS", folder.resolve("roots").toString()), planned);
        assertThat(here.path("model").path("path").asText()).isEqualTo(model.toString());
        assertThat(here.path("model").path("sha256").asText()).isEqualTo(NONE);
        assertThat(planned.path("model").path("path").asText()).isEqualTo("/not/here/mini");
    }

    @Test
    void aBuiltInDataSetIsMadeHere() {
        ObjectNode here =
                local(Map.of("DUALFORM_HOME", folder.toString()), source("dataset", "topics", "/not/here/topics"));
        assertThat(Path.of(here.path("dataset").path("path").asText()))
                .startsWith(folder)
                .isDirectoryContaining("glob:**train.jsonl");
    }

    @Test
    void everythingThatAWorkerLacksIsToldAtOnceWithItsName() {
        ObjectNode parameters = source("model", "llama", "/mnt/llama");
        parameters.setAll(source("dataset", "mine", "/mnt/mine"));
        parameters.setAll(source("rows", "rows.json", "/mnt/rows.json"));
        assertThatThrownBy(() -> local(Map.of("DUALFORM_HOME", folder.toString()), parameters))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                .hasMessageStartingWith("3 mistakes")
                .hasMessageContainingAll(
                        "The worker " + WorkerName.get() + " lacks the model /mnt/llama",
                        "lacks the data set /mnt/mine",
                        "lacks the file of rows /mnt/rows.json",
                        "Mount it at the same path on every worker",
                        "DUALFORM_MODEL_ROOTS",
                        "DUALFORM_DATA_ROOTS",
                        "org/name");
    }
}
