package org.dualform.task.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dualform.base.FileFailure;
import org.dualform.base.NearestNames;
import org.dualform.base.RootFolders;
import org.dualform.contract.PathEncoding;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufParts;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.dualform.task.store.FileHashes;

/**
 * Finds models on this machine: a name in the configured roots ({@code DUALFORM_MODEL_ROOTS}, in which the built-in ones
 * are), else a folder in Hugging Face layout or a GGUF file.
 */
public final class ModelFolders {
    private static final Pattern OWN_FILES = Pattern.compile(".*\\.(safetensors|json)");

    private final List<Path> roots;

    ModelFolders(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    public static ModelFolders fromEnvironment(Map<String, String> environment) {
        List<Path> roots = new ArrayList<>();
        for (String root : environment.getOrDefault("DUALFORM_MODEL_ROOTS", "").split(":", -1)) {
            if (!root.isBlank()) roots.add(Path.of(root));
        }
        return new ModelFolders(roots);
    }

    /** The names of the models in the configured roots. */
    public SortedSet<String> names() {
        return names(RootFolders.of(roots));
    }

    private SortedSet<String> names(RootFolders listed) {
        SortedSet<String> names = new TreeSet<>();
        for (Path folder : listed.folders()) if (isModel(folder)) names.add(String.valueOf(folder.getFileName()));
        for (Path root : roots) for (Path file : ggufFiles(root)) names.add(String.valueOf(file.getFileName()));
        return names;
    }

    /** The GGUF files in a folder, of a split model the first part. */
    private static List<Path> ggufFiles(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(GgufParts::isFile)
                    .filter(GgufParts::isFirst)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // a root that cannot be read is told with the others
        }
    }

    /**
     * The folder or GGUF file that {@code reference} means; empty if there is none.
     *
     * @throws UserException if it is a folder but not a model, or the name of a GGUF file that is not there
     */
    public Optional<Path> find(String reference) {
        Optional<Path> named = named(reference);
        if (named.isPresent()) return named;
        Path path = path(reference);
        if (isModel(path)) return Optional.of(path);
        if (Files.isDirectory(path)) {
            requireReadable(path);
            List<Path> files = ggufFiles(path);
            throw UserException.data("The folder " + path + " holds no model: config.json is missing. "
                    + (files.isEmpty()
                            ? "A model is a folder in Hugging Face layout: config.json, tokenizer.json and"
                                    + " *.safetensors; or a GGUF file."
                            : "It has GGUF files: name one of them, such as " + files.get(0) + "."));
        }
        if (GgufParts.isName(reference)) {
            throw UserException.data(
                    "There is no GGUF file " + path + ": " + NearestNames.hint(reference, names()) + ".");
        }
        return Optional.empty();
    }

    /** The model of this name in the configured roots. */
    Optional<Path> named(String name) {
        if (name.contains("/")) return Optional.empty();
        return roots.stream()
                .map(root -> root.resolve(name))
                .filter(ModelFolders::isModel)
                .findFirst();
    }

    /** The error for an unknown name, with the nearest known names. */
    public UserException unknown(String reference) {
        RootFolders listed = RootFolders.of(roots);
        return UserException.data("There is no model '" + reference + "': "
                + NearestNames.hint(reference, names(listed))
                + ". A folder in Hugging Face layout, a GGUF file, or a hub's " + HubName.form(RepoKind.MODEL)
                + ", may be given as well." + listed.hint());
    }

    /** What holds a model: its folder, or its GGUF file with all parts. */
    public static List<Path> files(Path model) {
        return GgufParts.isFile(model) ? GgufParts.of(model) : List.of(model);
    }

    /** One hash over config, tokenizer and weights; of a GGUF file, over all of its parts. */
    public static String sha256(Path folder, FileHashes hashes) throws IOException {
        if (GgufParts.isFile(folder)) return hashes.ofAll(folder.resolveSibling(""), GgufParts.of(folder));
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

    /** A folder that cannot be read is not told as one without a model. */
    private static void requireReadable(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            children.close();
        } catch (IOException e) {
            throw UserException.data("The folder " + folder + " cannot be read: " + FileFailure.reason(e) + ".");
        }
    }

    private static boolean isModel(Path folder) {
        return GgufParts.isFile(folder) || Files.isRegularFile(folder.resolve("config.json"));
    }

    private static Path path(String reference) {
        try {
            return Path.of(reference).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw PathEncoding.ofThisProcess()
                    .explain(e)
                    .orElseGet(() -> UserException.data("'" + reference + "' is no name of a model and no path."));
        }
    }
}
