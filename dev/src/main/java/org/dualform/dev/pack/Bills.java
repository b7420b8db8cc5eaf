package org.dualform.dev.pack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dualform.contract.Json;
import org.dualform.dev.pack.image.Component;

/**
 * Lists of what is in each file, in CycloneDX's format. That of the task jar is made by CycloneDX's Maven plugin, in the
 * build that makes the jar. The others are made here.
 *
 * @see <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a>
 */
final class Bills {
    private static final String REQUIRES = "Requires-Dist: ";

    private final Release release;

    Bills(Release release) {
        this.release = release;
    }

    /**
     * Writes the list of an image: everything of the task jar, the Java runtime, and the base's packages.
     *
     * @param ofJar the list of the task jar
     */
    void writeImage(Path ofJar, List<Component> more, String name, Path file) throws IOException {
        ObjectNode bill = (ObjectNode) Json.mapper().readTree(ofJar.toFile());
        ArrayNode components = bill.withArrayProperty("components");
        ObjectNode jar = (ObjectNode) bill.path("metadata").path("component");
        components.insert(0, jar);
        for (Component component : more) components.add(json("library", component));
        ObjectNode image = json("container", new Component(name, release.version(), "pkg:oci/" + name));
        bill.set("metadata", metadata(image));
        ObjectNode edges = Json.mapper()
                .createObjectNode()
                .put("ref", image.path("bom-ref").asText());
        ArrayNode parts = edges.putArray("dependsOn");
        parts.add(jar.path("bom-ref").asText());
        more.forEach(component -> parts.add(component.purl()));
        bill.withArrayProperty("dependencies").insert(0, edges);
        // It numbers one document, and this is another.
        bill.remove("serialNumber");
        write(file, bill);
    }

    /** Writes the list of the wheel: itself and what it asks an installer for, whose versions the installer chooses. */
    void writeWheel(Path wheel, Path file) throws IOException {
        ObjectNode bill = Json.mapper().createObjectNode();
        bill.put("bomFormat", "CycloneDX");
        bill.put("specVersion", "1.6");
        bill.put("version", 1);
        String purl = "pkg:pypi/dualform-airflow@" + release.version();
        bill.set("metadata", metadata(json("library", new Component("dualform-airflow", release.version(), purl))));
        ArrayNode components = bill.putArray("components");
        ObjectNode edges = bill.putArray("dependencies").addObject().put("ref", purl);
        ArrayNode needs = edges.putArray("dependsOn");
        for (String requirement : requirements(wheel)) {
            String needed = requirement.split("[^A-Za-z0-9._-]", 2)[0];
            ObjectNode component = json("library", new Component(needed, "", "pkg:pypi/" + needed));
            component.put("scope", requirement.contains("extra ==") ? "optional" : "required");
            component.put("description", requirement);
            components.add(component);
            needs.add("pkg:pypi/" + needed);
        }
        write(file, bill);
    }

    private static List<String> requirements(Path wheel) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry metadata = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".dist-info/METADATA"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(wheel + " holds no METADATA"));
            String text = new String(zip.getInputStream(metadata).readAllBytes(), StandardCharsets.UTF_8);
            List<String> found = new ArrayList<>();
            text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith(REQUIRES))
                    .map(line -> line.substring(REQUIRES.length()))
                    .forEach(found::add);
            return found.stream().sorted().distinct().toList();
        }
    }

    private ObjectNode metadata(ObjectNode component) {
        ObjectNode metadata = Json.mapper().createObjectNode();
        metadata.put("timestamp", release.created().toString());
        metadata.set("component", component);
        return metadata;
    }

    private static ObjectNode json(String type, Component component) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("type", type);
        json.put("bom-ref", component.purl());
        json.put("name", component.name());
        if (!component.version().isEmpty()) json.put("version", component.version());
        json.put("purl", component.purl());
        return json;
    }

    private static void write(Path file, ObjectNode bill) throws IOException {
        Files.writeString(file, Json.pretty(bill));
    }
}
