package org.dualform.pretrain;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the learning curve as JSON lines: losses, and accuracies by condition and shot count. Equal recipes give equal
 * curves.
 */
final class LearningCurve {
    private static final String STEP = "step";

    private final ObjectMapper json = new ObjectMapper();
    private final Path file;
    private final TrainingListener listener;

    LearningCurve(Path file, TrainingListener listener) {
        this.file = file;
        this.listener = listener;
    }

    /** Removes what was written after {@code step} steps; for 0, everything. */
    void rewind(int step) throws IOException {
        List<String> kept = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                Map<String, Object> point = json.readValue(line, new TypeReference<>() {});
                if (point.get(STEP) instanceof Integer at && at <= step) {
                    kept.add(line);
                }
            }
        }
        Files.write(file, kept);
    }

    void loss(int step, long tokens, double learningRate, MeanLoss mean, double gradientNorm) throws IOException {
        Map<String, Object> point = point(step, tokens);
        point.put("learning_rate", learningRate);
        point.put("loss", mean.loss());
        if (!Double.isNaN(mean.auxiliary())) {
            point.put("auxiliary_loss", mean.auxiliary());
        }
        point.put("gradient_norm", gradientNorm);
        append(point);
    }

    void accuracy(int step, long tokens, int tasks, Map<String, Map<Integer, Double>> accuracy) throws IOException {
        Map<String, Object> point = point(step, tokens);
        point.put("n", tasks);
        point.put("accuracy", accuracy);
        append(point);
    }

    void heldOut(int step, long tokens, double loss) throws IOException {
        Map<String, Object> point = point(step, tokens);
        point.put("held_out_loss", loss);
        append(point);
    }

    private static Map<String, Object> point(int step, long tokens) {
        Map<String, Object> point = new LinkedHashMap<>();
        point.put(STEP, step);
        point.put("tokens", tokens);
        return point;
    }

    private void append(Map<String, Object> point) throws IOException {
        listener.point(json.valueToTree(point));
        Files.writeString(
                file, json.writeValueAsString(point) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
