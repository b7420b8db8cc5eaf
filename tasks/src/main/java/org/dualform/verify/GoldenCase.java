package org.dualform.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualform.base.FileFailure;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.finetune.train.Sequence;
import org.dualform.model.checkpoint.ArrayReader;
import org.dualform.prompt.TokenIds;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;

/**
 * Reference values beside a model: {@code golden.safetensors}, and in {@code golden.json} the tolerance and the
 * learning rate.
 *
 * @param tolerance the largest absolute difference that counts as agreement
 * @param learningRate the learning rate of the fine-tuning steps
 */
public record GoldenCase(Path folder, double tolerance, double learningRate, SafetensorsFile tensors) {
    /**
     * Reads golden.json and the header of golden.safetensors.
     *
     * @throws UserException naming what is missing
     */
    public static GoldenCase read(Path folder) {
        Path described = folder.resolve("golden.json");
        Path values = folder.resolve("golden.safetensors");
        if (!Files.isRegularFile(described) || !Files.isRegularFile(values)) {
            throw UserException.data("The folder " + folder + " holds no reference values: golden.json and"
                    + " golden.safetensors are needed beside the model.");
        }
        try {
            JsonNode json = Json.mapper().readTree(described.toFile());
            double tolerance = json.path("suggested_abs_tolerance").asDouble();
            double learningRate = json.path("lr").asDouble();
            if (!(tolerance > 0) || !(learningRate > 0)) {
                throw UserException.data(described + " needs \"suggested_abs_tolerance\" and \"lr\", both above 0.");
            }
            return new GoldenCase(folder, tolerance, learningRate, SafetensorsFile.open(values));
        } catch (IOException e) {
            throw UserException.data("The file " + described + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    /** The prompts, in order. */
    List<long[]> prompts(NDManager scratch) {
        return all(scratch, "prompt.%d.ids");
    }

    /** The sequences to fine-tune on, in order. The loss counts all tokens but the first. */
    List<Sequence> sequences(NDManager scratch) {
        return all(scratch, "ft.%d.ids").stream()
                .map(ids -> new Sequence(
                        TokenIds.of(
                                Arrays.stream(ids).mapToInt(Math::toIntExact).toArray()),
                        1))
                .toList();
    }

    private List<long[]> all(NDManager scratch, String pattern) {
        List<long[]> rows = new ArrayList<>();
        while (has(pattern.formatted(rows.size()))) {
            rows.add(array(scratch, pattern.formatted(rows.size())).toLongArray());
        }
        return rows;
    }

    boolean has(String name) {
        return tensors.tensors().containsKey(name);
    }

    double[] values(NDManager scratch, String name) {
        return array(scratch, name).toType(DataType.FLOAT64, false).toDoubleArray();
    }

    NDArray array(NDManager scratch, String name) {
        StoredTensor tensor = tensors.tensors().get(name);
        if (tensor == null) throw UserException.data("The tensor " + name + " is missing from " + tensors.path() + ".");
        return ArrayReader.load(tensors, scratch, tensor, DataType.FLOAT32);
    }
}
