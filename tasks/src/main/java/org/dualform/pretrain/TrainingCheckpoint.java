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
 * The state of a training on the disk: parameters, the moments of AdamW, the number of steps done, the losses since the
 * last report, and the recipe's
 * fingerprint. A training that continues from it gives the same bits as one that was never stopped.
 */
final class TrainingCheckpoint {
    private static final String STEP = "step";
    private static final String RECIPE = "recipe";
    private static final String LOSSES = "losses";

    private final Path file;
    private final long fingerprint;

    TrainingCheckpoint(Path file, Recipe recipe) {
        this.file = file;
        this.fingerprint = recipe.fingerprint();
    }

    /**
     * How far a training came.
     *
     * @param steps the number of steps done
     * @param mean the losses since the last report
     */
    record Done(int steps, MeanLoss mean) {}

    /** Writes the state after {@code step} steps. The file appears whole or not at all. */
    void write(NDManager manager, int step, MeanLoss mean, Map<String, NDArray> state) {
        try (NDManager own = manager.newSubManager()) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            all.put(STEP, own.create(new long[] {step}));
            all.put(RECIPE, own.create(new long[] {fingerprint}));
            all.put(LOSSES, own.create(mean.sums()));
            all.putAll(state);
            ArrayWriter.write(file, all);
        }
    }

    /** Fills {@code state} from the file. Without a file, no step is done. */
    Done read(NDManager manager, Map<String, NDArray> state) {
        if (!Files.exists(file)) {
            return new Done(0, new MeanLoss());
        }
        SafetensorsFile stored = SafetensorsFile.open(file);
        try (NDManager own = manager.newSubManager()) {
            if (load(own, stored, RECIPE).getLong() != fingerprint) {
                throw UserException.usage(
                        file + " belongs to a training by another recipe: give another --out, or delete it.");
            }
            state.forEach((name, array) -> load(own, stored, name).copyTo(array));
            double[] losses = load(own, stored, LOSSES, DataType.FLOAT64).toDoubleArray();
            return new Done(Math.toIntExact(load(own, stored, STEP).getLong()), MeanLoss.of(losses));
        }
    }

    boolean exists() {
        return Files.exists(file);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    private NDArray load(NDManager manager, SafetensorsFile stored, String name) {
        return load(manager, stored, name, DataType.FLOAT32);
    }

    private NDArray load(NDManager manager, SafetensorsFile stored, String name, DataType type) {
        StoredTensor tensor = stored.tensors().get(name);
        if (tensor == null) {
            throw UserException.data(file + " has no " + name + ": delete it to train from the start.");
        }
        return ArrayReader.load(stored, manager, tensor, type);
    }
}
