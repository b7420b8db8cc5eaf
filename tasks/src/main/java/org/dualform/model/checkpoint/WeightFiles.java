package org.dualform.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;

/** The safetensors files of a model folder: one file, or several with an index. */
public final class WeightFiles {
    private static final String SINGLE = "model.safetensors";
    /** The beginnings of names that torch.compile and DistributedDataParallel (or DataParallel) add. */
    private static final List<String> WRAPPERS = List.of("_orig_mod.", "module.");

    private static final String INDEX = "model.safetensors.index.json";

    /** The file and the entry of a tensor. */
    public record Place(SafetensorsFile file, StoredTensor tensor) {}

    private final Path folder;
    private final List<Path> files;
    private final Map<String, Place> places;

    private WeightFiles(Path folder, List<Path> files, Map<String, Place> places) {
        this.folder = folder;
        this.files = List.copyOf(files);
        this.places = Map.copyOf(places);
    }

    /**
     * Reads and checks the headers of all weight files in {@code folder}.
     *
     * @throws UserException naming every mistake
     */
    public static WeightFiles open(Path folder) {
        List<Path> files = files(folder);
        Map<String, Place> places = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        for (Path path : files) {
            mistakes.collect(() -> {
                SafetensorsFile file = SafetensorsFile.open(path);
                for (StoredTensor tensor : file.tensors().values()) {
                    Place other = places.putIfAbsent(tensor.name(), new Place(file, tensor));
                    if (other != null) {
                        mistakes.add("The tensor " + tensor.name() + " is in two files: "
                                + other.file().path().getFileName() + " and " + path.getFileName() + ".");
                    }
                }
            });
        }
        mistakes.throwIfAny();
        return new WeightFiles(folder, files, withoutWrappers(places));
    }

    /**
     * The tensors by the names that they have in the model itself. Training saves a wrapped model's tensors under names
     * that all begin alike; what all begin with says nothing.
     */
    private static Map<String, Place> withoutWrappers(Map<String, Place> places) {
        for (String wrapper : WRAPPERS) {
            boolean all = places.keySet().stream().allMatch(name -> name.startsWith(wrapper));
            if (!all || places.isEmpty()) continue;
            Map<String, Place> named = new LinkedHashMap<>();
            places.forEach((name, place) -> named.put(name.substring(wrapper.length()), place));
            return withoutWrappers(named);
        }
        return places;
    }

    private static List<Path> files(Path folder) {
        Path single = folder.resolve(SINGLE);
        if (Files.exists(single)) return List.of(single);
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) return shards(folder, index);
        if (Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            throw UserException.data("The model folder " + folder + " has pytorch_model.bin only. That format is a"
                    + " Python program (a pickle) and is not run here: save the model as safetensors"
                    + " (save_pretrained with safe_serialization=True).");
        }
        throw UserException.data("The model folder " + folder + " has neither " + SINGLE + " nor " + INDEX + ".");
    }

    private static List<Path> shards(Path folder, Path index) {
        JsonNode map;
        try {
            map = Json.mapper().readTree(index.toFile()).path("weight_map");
        } catch (IOException e) {
            throw UserException.data("The shard index " + index + " cannot be read: " + e.getMessage(), e);
        }
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode name : map) names.add(name.asText());
        if (names.isEmpty()) throw UserException.data("The shard index " + index + " names no file.");
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path file = folder.resolve(name);
            if (!Path.of(name).equals(Path.of(name).getFileName())) {
                mistakes.add("The shard index " + index + " names \"" + name + "\", which is not a plain file name.");
            } else if (!Files.isRegularFile(file)) {
                mistakes.add("The shard " + file + " named by " + INDEX + " is missing.");
            }
            files.add(file);
        }
        mistakes.throwIfAny();
        return files;
    }

    public Path folder() {
        return folder;
    }

    /** The safetensors files, in the index's order. */
    public List<Path> files() {
        return files;
    }

    /** The places of all tensors, by name; without what a wrapper of training put before every name. */
    public Map<String, Place> places() {
        return places;
    }
}
