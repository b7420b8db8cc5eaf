package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.model.checkpoint.ArrayReader;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;

/**
 * The state of a training on the disk: parameters, the moments of AdamW, the number of steps done, and the recipe's
 * fingerprint. A training that continues from it gives the same bits as one that was never stopped.
 */
final class TrainingCheckpoint {
    private static final String STEP = "step";
    private static final String RECIPE = "recipe";

    private final Path file;
    private final long fingerprint;

    TrainingCheckpoint(Path file, Recipe recipe) {
        this.file = file;
        this.fingerprint = recipe.fingerprint();
    }

    /** Writes the state after {@code step} steps. The file appears whole or not at all. */
    void write(NDManager manager, int step, Map<String, NDArray> state) {
        try (NDManager own = manager.newSubManager()) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            all.put(STEP, own.create(new long[] {step}));
            all.put(RECIPE, own.create(new long[] {fingerprint}));
            all.putAll(state);
            ArrayWriter.write(file, all);
        }
    }

    /** Fills {@code state} from the file. Returns the number of steps done, or 0 if there is no file. */
    int read(NDManager manager, Map<String, NDArray> state) {
        if (!Files.exists(file)) {
            return 0;
        }
        SafetensorsFile stored = SafetensorsFile.open(file);
        try (NDManager own = manager.newSubManager()) {
            if (load(own, stored, RECIPE).getLong() != fingerprint) {
                throw UserException.usage(
                        file + " belongs to a training by another recipe: give another --out, or delete it.");
            }
            state.forEach((name, array) -> load(own, stored, name).copyTo(array));
            return Math.toIntExact(load(own, stored, STEP).getLong());
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    private NDArray load(NDManager manager, SafetensorsFile stored, String name) {
        StoredTensor tensor = stored.tensors().get(name);
        if (tensor == null) {
            throw UserException.data(file + " has no " + name + ": delete it to train from the start.");
        }
        return ArrayReader.load(stored, manager, tensor, DataType.FLOAT32);
    }
}
