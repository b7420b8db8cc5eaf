package org.dualform.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileFailure;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;

/**
 * A model in a GGUF file, or in the parts of a split one, whose headers have been read and checked. The numbers stay on the
 * disk until a tensor is asked for.
 *
 * @param path the file that was named
 * @param files all files, the first part first
 * @param metadata the first part's metadata, by key
 * @param tensors the tensors of all parts by name
 */
public record GgufFile(Path path, List<Path> files, Map<String, JsonNode> metadata, Map<String, GgufTensor> tensors) {
    /**
     * Reads and checks the headers.
     *
     * @param path the file, or any part of a split one
     * @throws UserException naming everything that is wrong, such as a part that is missing
     */
    public static GgufFile open(Path path) {
        List<Path> files = GgufParts.of(path);
        Map<String, JsonNode> metadata = new LinkedHashMap<>();
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        for (Path file : files) {
            mistakes.collect(() -> {
                GgufHeader.Content content = header(file);
                if (file.equals(files.get(0))) metadata.putAll(content.metadata());
                GgufParts.check(file, files, content.metadata()).ifPresent(mistakes::add);
                for (GgufTensor tensor : content.tensors().values()) {
                    GgufTensor other = tensors.putIfAbsent(tensor.name(), tensor);
                    if (other != null)
                        mistakes.add("The tensor " + tensor.name() + " is in two files: "
                                + other.file().getFileName() + " and " + file.getFileName() + ".");
                }
            });
        }
        mistakes.throwIfAny();
        return new GgufFile(path, files, metadata, tensors);
    }

    private static GgufHeader.Content header(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new GgufHeader(file, channel).read();
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e) + ".", e);
        }
    }

    /** The metadata of a key; a missing node if there are none. */
    public JsonNode value(String key) {
        return metadata.getOrDefault(key, MissingNode.getInstance());
    }
}
