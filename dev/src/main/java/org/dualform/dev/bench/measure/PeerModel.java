package org.dualform.dev.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;

/**
 * A model folder that transformers keeps open, or trains, in a Python process of its own. It computes only while it is
 * asked, so that it can take turns with Dualform.
 */
public final class PeerModel implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final Path script;
    private final Path job;

    private PeerModel(Process process, Path script, Path job) {
        this.process = process;
        this.script = script;
        this.job = job;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts the process, and returns when it has opened the model.
     *
     * @param python the interpreter of an environment with torch and transformers
     * @param job {@code checkpoint}, {@code threads}, {@code context}, {@code queries}, {@code labels}, {@code
     *     recomputed}, {@code ids} of a prompt and {@code size} of the matrices
     */
    public static PeerModel open(Path python, ObjectNode job) {
        return open(python, "peer_model.py", job);
    }

    /**
     * As {@link #open(Path, ObjectNode)}, for a model that is trained: {@link #train}.
     *
     * @param job {@code checkpoint}, {@code threads}, {@code warm}, {@code batches}, {@code rates} and the optimiser's
     *     {@code betas}, {@code epsilon}, {@code weight_decay} and {@code clip_norm}
     */
    public static PeerModel openTraining(Path python, ObjectNode job) {
        return open(python, "peer_training.py", job);
    }

    private static PeerModel open(Path python, String name, ObjectNode job) {
        try (InputStream source = PeerModel.class.getResourceAsStream(name)) {
            if (source == null) throw new IllegalStateException(name + " is not in the jar");
            Path script = Files.createTempFile("dualform-peer", ".py");
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
            Path file = Files.createTempFile("dualform-peer", ".json");
            Files.writeString(file, Json.write(job));
            Process process = new ProcessBuilder(List.of(python.toString(), script.toString(), file.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            PeerModel model = new PeerModel(process, script, file);
            model.answer();
            return model;
        } catch (IOException e) {
            throw new PermanentException("A peer could not be started: " + e, e);
        }
    }

    /** Computes in the named way and returns the wall seconds. */
    public double seconds(String way) {
        return ask(way).path("seconds").asDouble();
    }

    /** The log-likelihoods of the labels behind each query, as {@code reused} finds them. */
    public JsonNode scores() {
        return ask("reused").path("scores");
    }

    /** Trains from the checkpoint's weights: the wall seconds of the steps after {@code warm}, and all losses. */
    public Training train() {
        JsonNode answer = ask("train");
        List<Double> losses = new ArrayList<>();
        answer.path("losses").forEach(loss -> losses.add(loss.asDouble()));
        return new Training(answer.path("seconds").asDouble(), losses);
    }

    /** @param losses of every step */
    public record Training(double seconds, List<Double> losses) {}

    private JsonNode ask(String way) {
        try {
            questions.write(way + "\n");
            questions.flush();
            return answer();
        } catch (IOException e) {
            throw new PermanentException("A peer could not be measured: " + e, e);
        }
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) throw new PermanentException("The peers' process ended; its messages stand above.", null);
        return Json.mapper().readTree(line);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(script);
            Files.deleteIfExists(job);
        } catch (IOException e) {
            throw new PermanentException("A temporary file could not be deleted: " + e, e);
        }
    }
}
