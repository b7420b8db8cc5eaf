package org.dualform.dev.pack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dualform.contract.Json;
import org.dualform.dev.pack.image.Component;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillsTest {
    private static final String OF_JAR = """
            {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1", "version": 1,
             "metadata": {"component": {"type": "library", "bom-ref": "pkg:maven/o/jar@1", "name": "jar"}},
             "components": [{"type": "library", "bom-ref": "pkg:maven/g/a@2", "name": "a", "version": "2"}],
             "dependencies": [{"ref": "pkg:maven/o/jar@1", "dependsOn": ["pkg:maven/g/a@2"]}]}
            """;

    private final Bills bills = new Bills(new Release("1.2.3", "", Instant.parse("2026-02-03T04:05:06Z")));

    @TempDir
    Path folder;

    @Test
    void anImageHoldsTheJarWithItsPartsAndTheBase() throws IOException {
        Path ofJar = Files.writeString(folder.resolve("jar.cdx.json"), OF_JAR);
        Path file = folder.resolve("image.cdx.json");
        bills.writeImage(ofJar, List.of(new Component("libc6", "2.36-9", "pkg:deb/debian/libc6@2.36-9")), "task", file);
        JsonNode bill = Json.mapper().readTree(file.toFile());
        assertThat(bill.at("/metadata/component/name").asText()).isEqualTo("task");
        assertThat(bill.at("/metadata/component/version").asText()).isEqualTo("1.2.3");
        assertThat(bill.at("/metadata/timestamp").asText()).isEqualTo("2026-02-03T04:05:06Z");
        assertThat(bill.path("components").findValuesAsText("name")).containsExactly("jar", "a", "libc6");
        assertThat(bill.at("/dependencies/0/dependsOn"))
                .extracting(JsonNode::asText)
                .containsExactly("pkg:maven/o/jar@1", "pkg:deb/debian/libc6@2.36-9");
        assertThat(bill.at("/dependencies/1/ref").asText()).isEqualTo("pkg:maven/o/jar@1");
        assertThat(bill.has("serialNumber")).isFalse();
    }

    @Test
    void aWheelNamesWhatItAsksFor() throws IOException {
        Path wheel = folder.resolve("w.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            zip.putNextEntry(new ZipEntry("dualform_airflow-1.2.3.dist-info/METADATA"));
            zip.write("""
                    Name: dualform-airflow
                    Requires-Dist: apache-airflow-task-sdk>=1.1
                    Requires-Dist: other-provider<2; extra == 'other'

                    Requires-Dist: prose
                    """.getBytes(StandardCharsets.UTF_8));
        }
        Path file = folder.resolve("w.cdx.json");
        bills.writeWheel(wheel, file);
        JsonNode components = Json.mapper().readTree(file.toFile()).path("components");
        assertThat(components.findValuesAsText("purl"))
                .containsExactly("pkg:pypi/apache-airflow-task-sdk", "pkg:pypi/other-provider");
        assertThat(components.findValuesAsText("scope")).containsExactly("required", "optional");
        assertThat(components.at("/0/description").asText()).isEqualTo("apache-airflow-task-sdk>=1.1");
    }
}
