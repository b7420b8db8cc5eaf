package org.dualform.finetune.file;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.safetensors.SafetensorsFile;

/** Reads and writes the files of any {@link WeightUpdate}. */
public final class UpdateFiles {
    private UpdateFiles() {}

    /** Writes the file whole or not at all. */
    public static void write(Path file, WeightUpdate update) {
        if (update instanceof KeyValueUpdate factored) UpdateFile.write(file, factored);
        else if (update instanceof NamedUpdate named) NamedUpdateFile.write(file, named);
    }

    /**
     * Reads a file. Its tensors are mapped and not copied.
     *
     * @param owner owns the update's arrays
     */
    public static WeightUpdate read(NDManager owner, Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        return file.tensors().containsKey(NamedUpdateFile.COUNTS)
                ? NamedUpdateFile.read(owner, file)
                : UpdateFile.read(owner, file);
    }
}
