package org.dualform.record;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.safetensors.NewTensor;
import org.dualform.safetensors.SafetensorsWriter;
import org.dualform.safetensors.StoredType;

/**
 * Writes a file of records: single-precision tensors whose sizes are known before their numbers are. Numbers are written at
 * their places as they come, and nothing is kept in memory.
 */
public final class RecordWriter implements Closeable {
    private final SafetensorsWriter writer;

    private RecordWriter(SafetensorsWriter writer) {
        this.writer = writer;
    }

    /**
     * Begins a file in which all numbers are zero.
     *
     * @param metadata texts about the whole file
     * @param shapes the tensors' shapes by name, in the file's order
     */
    public static RecordWriter create(Path file, Map<String, String> metadata, Map<String, long[]> shapes) {
        List<NewTensor> tensors = new ArrayList<>();
        shapes.forEach((name, shape) -> tensors.add(NewTensor.of(name, StoredType.F32, shape)));
        return new RecordWriter(SafetensorsWriter.create(file, metadata, tensors));
    }

    /**
     * Writes numbers at their place.
     *
     * @param index the place of the first number among the tensor's elements
     */
    public void write(String tensor, long index, float[] values) {
        writer.write(tensor, index, values);
    }

    @Override
    public void close() {
        writer.close();
    }
}
