package org.dualform.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalLong;
import org.dualform.base.FileFailure;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * A safetensors file whose header has been read and checked. The data stay on the disk until a tensor is asked for.
 *
 * @param metadata the texts under {@code __metadata__}, by key
 * @param tensors the stored tensors by name, in the header's order
 */
public record SafetensorsFile(Path path, Map<String, String> metadata, Map<String, StoredTensor> tensors) {
    private static final String REMEDY = "Download it again, or write it anew.";

    /** Reads and checks the header. Throws a {@link UserException} that names everything that is wrong with it. */
    public static SafetensorsFile open(Path path) {
        return open(path, REMEDY);
    }

    /**
     * Reads and checks the header.
     *
     * @param remedy a sentence that says how to mend the file; it ends every error message
     * @throws UserException naming everything that is wrong with the header
     */
    public static SafetensorsFile open(Path path, String remedy) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new SafetensorsHeader(path, remedy).read(channel);
        } catch (IOException e) {
            throw UserException.data(
                    "The file " + path + " cannot be read: " + FileFailure.reason(e) + ". " + remedy, e);
        }
    }

    /** The index of the tensor's first element that is NaN or infinite; empty if there is none. Reads the whole tensor. */
    public OptionalLong firstNonFinite(StoredTensor tensor) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return NonFinite.first(channel, tensor);
        } catch (IOException e) {
            throw new PermanentException("The tensor " + tensor.name() + " cannot be read from " + path + ": " + e, e);
        }
    }
}
