package org.dualform.data.synthetic;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.data.BuiltinDatasets;

/**
 * The built-in data sets. They are defined in {@code datasets.yaml}, and written from fixed seeds when they are needed.
 */
public final class SyntheticDatasets implements BuiltinDatasets {
    /** The number of rows of the training split. */
    public static final int TRAIN_ROWS = 800;
    /** The number of rows of the validation split. */
    public static final int VALIDATION_ROWS = 400;

    private record Definition(
            String about, ClassificationTask.Style style, long seed, LinkedHashMap<String, String> labels) {}

    private final ObjectMapper json = new ObjectMapper();
    private final Lexicon lexicon = Lexicon.builtIn();
    private final Map<String, Definition> definitions;

    public SyntheticDatasets() {
        try (InputStream in = SyntheticDatasets.class.getResourceAsStream("datasets.yaml")) {
            if (in == null) {
                throw new IllegalStateException("datasets.yaml is missing from the jar");
            }
            definitions = new YAMLMapper().readValue(in, new TypeReference<LinkedHashMap<String, Definition>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(definitions.keySet());
    }

    /** The folder of a data set. Its files are written unless they exist with the same content. */
    @Override
    public Path folder(String name, Path home) {
        Path folder = home.resolve(name);
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> file : files(name).entrySet()) {
                write(folder.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** The task from which a data set is drawn. */
    public ClassificationTask task(String name) {
        Definition definition = definition(name);
        return new ClassificationTask(
                lexicon.attributeOf(definition.labels().keySet()), definition.labels(), definition.style());
    }

    private Map<String, String> files(String name) throws IOException {
        List<String> labels = List.copyOf(definition(name).labels().values());
        ObjectNode names = json.createObjectNode();
        for (int i = 0; i < labels.size(); i++) {
            names.put(Integer.toString(i), labels.get(i));
        }
        List<ClassificationTask.Example> examples =
                new DistinctExamples(lexicon, definition(name).seed()).draw(task(name), TRAIN_ROWS + VALIDATION_ROWS);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", "# " + name + "\n\n" + definition(name).about() + "\n");
        files.put("labels.json", json.writeValueAsString(names) + "\n");
        files.put("train.jsonl", lines(labels, examples.subList(0, TRAIN_ROWS)));
        files.put("validation.jsonl", lines(labels, examples.subList(TRAIN_ROWS, examples.size())));
        return files;
    }

    private String lines(List<String> labels, List<ClassificationTask.Example> examples) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (ClassificationTask.Example example : examples) {
            ObjectNode row = json.createObjectNode()
                    .put("text", String.join(" ", example.sentence()))
                    .put("label", labels.indexOf(example.label()));
            lines.append(json.writeValueAsString(row)).append('\n');
        }
        return lines.toString();
    }

    private Definition definition(String name) {
        Definition definition = definitions.get(name);
        if (definition == null) {
            throw new IllegalArgumentException("there is no built-in data set " + name);
        }
        return definition;
    }

    /** Writes a file beside its place and renames it, since tasks of several processes may want a data set at once. */
    private static void write(Path file, byte[] content) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Path aside = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
        Files.write(aside, content);
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
