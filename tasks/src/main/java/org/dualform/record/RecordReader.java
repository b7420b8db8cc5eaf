package org.dualform.record;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.safetensors.MappedFloats;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.StoredType;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that {@link RecordWriter} wrote. The file is checked when it is opened, and then mapped, so that its size
 * does not bear on the heap. Every error is a {@link UserException} that names the file and says how to make it anew.
 */
public final class RecordReader {
    private static final String REMEDY = "Compute the records again (clear the task, or run it with fresh).";

    private final SafetensorsFile file;
    private final MappedFloats numbers;

    private RecordReader(SafetensorsFile file, MappedFloats numbers) {
        this.file = file;
        this.numbers = numbers;
    }

    /** @throws UserException if the file cannot be read, is damaged, or does not hold single-precision numbers alone */
    public static RecordReader open(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path, REMEDY);
        for (StoredTensor tensor : file.tensors().values()) {
            if (tensor.type() != StoredType.F32) {
                throw broken(file, "have the type " + tensor.type() + " for " + tensor.name() + " instead of F32");
            }
        }
        return new RecordReader(file, MappedFloats.map(file));
    }

    /** A text of the file's metadata. */
    public String about(String key) {
        String value = file.metadata().get(key);
        if (value == null) throw broken(file, "do not say their " + key);
        return value;
    }

    /** A list of whole numbers of the file's metadata. */
    public List<Integer> numbers(String key) {
        String text = about(key);
        if (text.isEmpty()) return List.of();
        try {
            return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw broken(file, "give no list of numbers as their " + key + " but \"" + text + "\"");
        }
    }

    /** A list of so many whole numbers, none of them negative. */
    public List<Integer> numbers(String key, int count) {
        List<Integer> numbers = numbers(key);
        if (numbers.size() != count || numbers.stream().anyMatch(n -> n < 0)) {
            throw broken(file, "need " + count + " numbers as their " + key + " and have " + numbers);
        }
        return numbers;
    }

    public boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    /** The number of elements of a tensor; 0 if there is none of that name. */
    public long size(String tensor) {
        @Nullable StoredTensor stored = file.tensors().get(tensor);
        return stored == null ? 0 : stored.size();
    }

    /**
     * Checks that the file has these tensors in these shapes.
     *
     * @throws UserException naming the first that is missing or has another shape
     */
    public void require(Map<String, long[]> shapes) {
        shapes.forEach((name, shape) -> {
            StoredTensor stored = stored(name);
            if (!Arrays.equals(stored.dimensions(), shape)) {
                throw broken(
                        file,
                        "have the shape " + stored.shapeText() + " for " + name + " instead of "
                                + Arrays.toString(shape));
            }
        });
    }

    /** Reads {@code count} numbers of a tensor, from {@code index} on, into the beginning of {@code into}. */
    public void read(String tensor, long index, float[] into, int count) {
        StoredTensor stored = stored(tensor);
        if (index < 0 || index + count > stored.size()) {
            throw broken(file, "have no numbers " + index + " to " + (index + count) + " of " + tensor);
        }
        numbers.read(stored, index, into, count);
    }

    private StoredTensor stored(String name) {
        @Nullable StoredTensor stored = file.tensors().get(name);
        if (stored == null) throw broken(file, "have no " + name);
        return stored;
    }

    private static UserException broken(SafetensorsFile file, String what) {
        return UserException.data("The records " + file.path() + " " + what + ". " + REMEDY);
    }
}
