package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.dualform.contract.UserException;

/** A tensor of a checkpoint, in a file of either format. Its numbers stay on the disk until it is loaded. */
public sealed interface StoredWeight permits SafetensorsWeight, GgufWeight {
    /** The file that holds it. */
    Path file();

    /** The shape that it is loaded with. */
    long[] dimensions();

    /** The number of elements. */
    long size();

    /** The number of bytes in the file. */
    long bytes();

    /** The name of its element type. */
    String type();

    /** Whether single precision uses the file's own pages, so that processes share them. */
    boolean mapped();

    /**
     * Loads it, with whatever was stored widened.
     *
     * @param type FLOAT32 or FLOAT64
     * @return the array; where it is the file's own pages, a write into it ends the process
     * @throws UserException if its element type cannot be loaded
     */
    NDArray load(NDManager manager, DataType type);

    /** The index of its first element that is NaN or infinite; empty if there is none. Reads the whole tensor. */
    OptionalLong firstNonFinite();
}
