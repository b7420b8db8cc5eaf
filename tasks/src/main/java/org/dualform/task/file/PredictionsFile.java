package org.dualform.task.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.infer.Prediction;
import org.dualform.infer.ShotSweep;
import org.dualform.score.cell.MethodAnswers;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The file that {@code infer} writes and {@code score} reads. It has JSON lines: a {@link Header}, and then one line
 * for each shot count and evaluated row. Shot counts are true ones.
 */
public record PredictionsFile(Header header, Map<Integer, List<Prediction>> shots) {
    /** Name of this file among a task's outputs. */
    public static final String OUTPUT = "predictions";

    /**
     * @param method {@code icl} or {@code ft}
     * @param learningRate the learning rate of fine-tuning; null for icl
     * @param costs the costs by true shot count, then by metric name
     * @param diverged the step, counted from 1, at which training diverged, by true shot count
     * @param contentFree every label's score on each content-free input, by true shot count
     */
    public record Header(
            String method,
            @JsonProperty("learning_rate") @Nullable Double learningRate,
            Map<Integer, Map<String, Double>> costs,
            Map<Integer, Integer> diverged,
            @JsonProperty("content_free") Map<Integer, List<List<Double>>> contentFree) {
        /** The scores of a sweep's content-free inputs, by shot count. */
        public static Map<Integer, List<List<Double>>> contentFree(Map<Integer, ShotSweep.Shot> shots) {
            Map<Integer, List<List<Double>>> scores = new TreeMap<>();
            shots.forEach((k, shot) -> scores.put(
                    k, shot.contentFree().stream().map(Prediction::scores).toList()));
            return scores;
        }
    }

    private record Line(
            int shots,
            String row,
            int gold,
            int predicted,
            List<Double> scores,
            @JsonProperty("token_log_likelihoods") List<List<Double>> tokens,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> distribution,

            @JsonProperty("top_tokens") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<Integer> topTokens) {
        static Line of(int shots, Prediction p) {
            return new Line(
                    shots,
                    p.row(),
                    p.gold(),
                    p.predicted(),
                    p.scores(),
                    p.tokenLogLikelihoods(),
                    p.distribution(),
                    p.topTokens());
        }

        Prediction prediction() {
            return new Prediction(
                    row,
                    gold,
                    predicted,
                    scores,
                    tokens,
                    distribution == null ? List.of() : distribution,
                    topTokens == null ? List.of() : topTokens);
        }
    }

    /** The predictions for scoring, by true shot count. */
    public MethodAnswers answers() {
        Map<Integer, List<ExampleOutcome>> outcomes = new TreeMap<>();
        shots.forEach((k, predictions) ->
                outcomes.put(k, predictions.stream().map(Prediction::outcome).toList()));
        return new MethodAnswers(ScoredMethod.of(header.method()), outcomes, header.contentFree());
    }

    public void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write(Json.mapper().writeValueAsString(header));
            out.write('\n');
            for (Map.Entry<Integer, List<Prediction>> entry : new TreeMap<>(shots).entrySet()) {
                for (Prediction prediction : entry.getValue()) {
                    out.write(Json.mapper().writeValueAsString(Line.of(entry.getKey(), prediction)));
                    out.write('\n');
                }
            }
        }
    }

    public static PredictionsFile read(Path file) throws IOException {
        Map<Integer, List<Prediction>> shots = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            Iterator<String> it = lines.iterator();
            if (!it.hasNext()) throw UserException.data("The predictions " + file + " are empty.");
            Header header = Json.mapper().readValue(it.next(), Header.class);
            while (it.hasNext()) {
                Line line = Json.mapper().readValue(it.next(), Line.class);
                shots.computeIfAbsent(line.shots(), k -> new ArrayList<>()).add(line.prediction());
            }
            return new PredictionsFile(header, shots);
        } catch (JsonProcessingException e) {
            throw UserException.data(
                    "The predictions " + file + " are not in the form that infer writes: " + e.getOriginalMessage()
                            + ".",
                    e);
        }
    }
}
