package org.dualform.model.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.StoredType;

/** A tensor of a safetensors file. */
record SafetensorsWeight(SafetensorsFile holder, StoredTensor tensor) implements StoredWeight {
    @Override
    public Path file() {
        return holder.path();
    }

    @Override
    public long[] dimensions() {
        return tensor.dimensions();
    }

    @Override
    public long size() {
        return tensor.size();
    }

    @Override
    public long bytes() {
        return tensor.bytes();
    }

    @Override
    public String type() {
        return tensor.type().name();
    }

    @Override
    public boolean mapped() {
        return tensor.type() == StoredType.F32;
    }

    @Override
    public NDArray load(NDManager manager, DataType type) {
        return ArrayReader.load(holder, manager, tensor, type);
    }

    @Override
    public OptionalLong firstNonFinite() {
        return holder.firstNonFinite(tensor);
    }
}
