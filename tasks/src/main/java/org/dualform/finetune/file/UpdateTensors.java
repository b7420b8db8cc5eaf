package org.dualform.finetune.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.dualform.contract.UserException;
import org.dualform.model.checkpoint.ArrayReader;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.StoredType;

/**
 * The tensors of an update's file, by name.
 *
 * @param owner owns the arrays that are read
 */
record UpdateTensors(NDManager owner, SafetensorsFile file) {
    boolean has(String name) {
        return file.tensors().containsKey(name);
    }

    /**
     * An array in the precision in which it was stored.
     *
     * @throws UserException if the file has no such tensor
     */
    NDArray array(String name) {
        StoredTensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw UserException.data(
                    "The file " + file.path() + " is not an update of a fine-tuning: it lacks " + name + ".");
        }
        DataType type = tensor.type() == StoredType.F64 ? DataType.FLOAT64 : DataType.FLOAT32;
        return ArrayReader.load(file, owner, tensor, type);
    }

    /** A tensor of whole numbers. */
    long[] numbers(String name) {
        try (NDArray array = array(name)) {
            return array.toLongArray();
        }
    }
}
