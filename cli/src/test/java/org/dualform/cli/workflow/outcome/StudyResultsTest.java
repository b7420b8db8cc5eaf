package org.dualform.cli.workflow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a result in Airflow's XCom can name. */
class StudyResultsTest {
    @TempDir
    private Path folder;

    @Test
    void aReferenceNamesAFileOfTheWorkspaceAndNothingElse() throws IOException {
        Path workspace = Files.createDirectories(folder.resolve("workspace/a"));
        Path report = Files.writeString(workspace.resolve("report.html"), "");
        Files.writeString(folder.resolve("secret"), "");
        assertThat(file("workspace:a/report.html")).isEqualTo(report.toString());
        assertThat(file("workspace:../secret")).isEmpty();
        assertThat(file("workspace:a/../../secret")).isEmpty();
        assertThat(file("workspace:" + folder.resolve("secret"))).isEmpty();
        assertThat(file("file:" + report)).isEmpty();
        assertThat(file(report.toString())).isEmpty();
    }

    private String file(String uri) {
        ObjectNode result = Json.mapper().createObjectNode();
        result.putObject("outputs").putObject("report").put("uri", uri);
        return new StudyResults(result, folder.resolve("workspace"))
                .file("report")
                .map(Path::toString)
                .orElse("");
    }
}
