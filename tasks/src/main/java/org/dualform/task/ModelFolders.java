package org.dualform.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.spec.NearestNames;

/**
 * Finds models: a name in the configured roots ({@code DUALFORM_MODEL_ROOTS}, in which the built-in ones are), else a
 * folder in Hugging Face layout. Models on a hub are refused.
 */
final class ModelFolders {
    private static final Pattern HUB_NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");
    private static final Pattern OWN_FILES = Pattern.compile(".*\\.(safetensors|json)");

    private final List<Path> roots;

    ModelFolders(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    static ModelFolders fromEnvironment(Map<String, String> environment) {
        List<Path> roots = new ArrayList<>();
        for (String root : environment.getOrDefault("DUALFORM_MODEL_ROOTS", "").split(":", -1)) {
            if (!root.isBlank()) roots.add(Path.of(root));
        }
        return new ModelFolders(roots);
    }

    /** Names that can be given. */
    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        for (Path root : roots) {
            if (!Files.isDirectory(root)) continue;
            try (Stream<Path> children = Files.list(root)) {
                children.filter(ModelFolders::isModel).forEach(child -> names.add(String.valueOf(child.getFileName())));
            } catch (IOException e) {
                throw UserException.config("The model root " + root + " could not be listed: " + e + ".");
            }
        }
        return List.copyOf(names);
    }

    /**
     * The folder that {@code reference} means.
     *
     * @throws UserException if there is none, with the nearest names
     */
    Path locate(String reference) {
        if (!reference.contains("/")) {
            for (Path root : roots) {
                if (isModel(root.resolve(reference))) return root.resolve(reference);
            }
        }
        Path path = path(reference);
        if (isModel(path)) return path;
        if (Files.isDirectory(path)) {
            throw UserException.data(
                    "The folder " + path + " holds no model: config.json is missing. A model is a folder"
                            + " in Hugging Face layout: config.json, tokenizer.json and *.safetensors.");
        }
        if (HUB_NAME.matcher(reference).matches()) {
            throw UserException.data("There is no folder " + reference
                    + ", and models are not fetched from a hub. Download it (huggingface-cli download " + reference
                    + " --local-dir FOLDER) and give the folder.");
        }
        throw UserException.data("There is no model '" + reference + "': " + NearestNames.hint(reference, names())
                + ". A folder in Hugging Face layout may be given as well.");
    }

    /** One hash over config, tokenizer and weights. */
    static String sha256(Path folder, FileHashes hashes) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> files = children.filter(Files::isRegularFile)
                    .filter(file -> OWN_FILES
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("golden"))
                    .sorted()
                    .toList();
            return hashes.ofAll(folder, files);
        }
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }

    private static Path path(String reference) {
        try {
            return Path.of(reference).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw UserException.data("'" + reference + "' is no name of a model and no path.");
        }
    }
}
