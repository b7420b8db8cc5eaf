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
import org.dualform.base.FileFailure;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufParts;
import org.dualform.model.gguf.GgufModel;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;

/** The files with a model's weights: a folder's safetensors, one or several with an index, or GGUF. */
public final class WeightFiles {
    private static final String SINGLE = "model.safetensors";
    /** The beginnings of names that torch.compile and DistributedDataParallel (or DataParallel) add. */
    private static final List<String> WRAPPERS = List.of("_orig_mod.", "module.");

    private static final String INDEX = "model.safetensors.index.json";

    private final Path folder;
    private final List<Path> files;
    private final Map<String, StoredWeight> places;

    private WeightFiles(Path folder, List<Path> files, Map<String, ? extends StoredWeight> places) {
        this.folder = folder;
        this.files = List.copyOf(files);
        this.places = Map.copyOf(places);
    }

    /**
     * Reads and checks the headers of all weight files.
     *
     * @param model a folder in Hugging Face layout, or a GGUF file
     * @throws UserException naming every mistake
     */
    public static WeightFiles open(Path model) {
        return GgufParts.isFile(model) ? gguf(model) : safetensors(model);
    }

    private static WeightFiles gguf(Path file) {
        GgufModel model = GgufModel.open(file);
        Map<String, StoredWeight> places = new LinkedHashMap<>();
        model.tensors().forEach((name, tensor) -> places.put(name, new GgufWeight(tensor)));
        return new WeightFiles(file, model.file().files(), places);
    }

    private static WeightFiles safetensors(Path folder) {
        List<Path> files = files(folder);
        Map<String, SafetensorsWeight> places = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        for (Path path : files) {
            mistakes.collect(() -> {
                SafetensorsFile file = SafetensorsFile.open(path);
                for (StoredTensor tensor : file.tensors().values()) {
                    SafetensorsWeight other = places.putIfAbsent(tensor.name(), new SafetensorsWeight(file, tensor));
                    if (other != null) {
                        mistakes.add("The tensor " + tensor.name() + " is in two files: "
                                + other.file().getFileName() + " and " + path.getFileName() + ".");
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
    private static Map<String, SafetensorsWeight> withoutWrappers(Map<String, SafetensorsWeight> places) {
        for (String wrapper : WRAPPERS) {
            boolean all = places.keySet().stream().allMatch(name -> name.startsWith(wrapper));
            if (!all || places.isEmpty()) continue;
            Map<String, SafetensorsWeight> named = new LinkedHashMap<>();
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
            throw UserException.data("The shard index " + index + " cannot be read: " + FileFailure.reason(e), e);
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

    /** The model folder, or the GGUF file. */
    public Path folder() {
        return folder;
    }

    /** What names the sizes of the tensors, for messages. */
    public String whereSizesAre() {
        return GgufParts.isFile(folder) ? "the metadata of " + folder.getFileName() : "config.json";
    }

    /** The files, in the order of the index or of the parts. */
    public List<Path> files() {
        return files;
    }

    /** All tensors by their Hugging Face names, without what a wrapper of training put before every name. */
    public Map<String, StoredWeight> places() {
        return places;
    }
}
