package org.dualform.dev.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.dev.bench.workload.MatrixPeak;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.dev.bench.workload.RandomRecords;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * Measures the software of other projects on the same checkpoint and the same tokens: transformers,
 * lm-evaluation-harness and torch's matrix product. Each workload runs in a Python process of its own, on one thread,
 * and is measured in CPU seconds.
 *
 * @param python the interpreter of an environment that has that software
 * @param rounds the number of measurements of each
 */
public record Peers(Path python, int rounds) {
    /** The number of queries that a peer without a cache computes. The time of all queries is extrapolated from it. */
    public static final int RECOMPUTED = 4;

    /** The seconds or bytes of a peer, by the name of the way in which it computed. */
    public record Measured(Map<String, Spread> ways) {
        /** @throws PermanentException if the peer's script did not measure that way */
        public Spread of(String way) {
            Spread spread = ways.get(way);
            if (spread == null) throw new PermanentException("The peers' script measured no " + way + ".", null);
            return spread;
        }
    }

    /**
     * Measures a forward pass over {@code tokens} with the head at the last token, as {@code share}: the share of
     * torch's matrix peak that it reaches.
     */
    public Measured measure(String workload, Path checkpoint, int tokens) {
        ObjectNode job = job(workload, checkpoint);
        ModelShape shape = checkpoint.endsWith(ModelShape.llama().name()) ? ModelShape.llama() : ModelShape.gpt2();
        job.put("operations", shape.operations(tokens));
        job.set("ids", ids(RandomPrompts.tokens(shape, tokens)));
        return run(job);
    }

    /**
     * Measures queries after one context, in CPU seconds for all queries, in the ways {@code whole}, {@code reused} and
     * {@code harness}.
     */
    public Measured measure(String workload, Path checkpoint, PromptSet prompts) {
        return run(prefixJob(checkpoint, prompts).put("workload", workload));
    }

    private ObjectNode prefixJob(Path checkpoint, PromptSet prompts) {
        ObjectNode job = job("prefix", checkpoint);
        job.put("recomputed", RECOMPUTED);
        job.set("context", ids(prompts.context()));
        prompts.queries().forEach(query -> job.withArray("queries").add(ids(query.ids())));
        prompts.labels().forEach(label -> job.withArray("labels").add(ids(label.ids())));
        return job;
    }

    /**
     * As {@link #measure(String, Path, PromptSet)} without {@code harness}, on the first graphics processor, in wall
     * seconds.
     */
    public Measured onGpu(Path checkpoint, PromptSet prompts) {
        return run(prefixJob(checkpoint, prompts).put("device", "cuda"));
    }

    /**
     * Measures one layer's similarities for {@code rows} rows from JSON lines: {@code seconds}, and {@code bytes} of
     * the lines.
     */
    public Measured measureScoring(int rows) {
        return run(job("score")
                .put("rows", rows)
                .put("heads", RandomRecords.HEADS)
                .put("width", RandomRecords.WIDTH)
                .put("query", RandomRecords.QUERY)
                .put("demonstrations", RandomRecords.DEMONSTRATIONS)
                .put("tokens", RandomRecords.TOKENS));
    }

    private ObjectNode job(String workload, Path checkpoint) {
        return job(workload).put("checkpoint", checkpoint.toString());
    }

    private ObjectNode job(String workload) {
        return Json.mapper()
                .createObjectNode()
                .put("workload", workload)
                .put("rounds", rounds)
                .put("device", "cpu")
                .put("size", MatrixPeak.SIZE);
    }

    /** Token ids as JSON. */
    public static JsonNode ids(TokenIds tokens) {
        return Json.mapper().valueToTree(tokens.toArray());
    }

    private Measured run(ObjectNode job) {
        try {
            Path folder = Files.createTempDirectory("dualform-peers");
            Path script = folder.resolve("peers.py");
            Path file = folder.resolve("job.json");
            try (InputStream source = Peers.class.getResourceAsStream("peers.py")) {
                if (source == null) throw new IllegalStateException("peers.py is not in the jar");
                Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(file, Json.write(job));
                String out = ChildProcess.run(List.of(python.toString(), script.toString(), file.toString()));
                return spreads(Json.mapper().readTree(out.substring(out.lastIndexOf("\n{") + 1)));
            } finally {
                Files.deleteIfExists(script);
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new PermanentException("A peer could not be measured: " + e, e);
        }
    }

    private static Measured spreads(JsonNode measured) {
        Map<String, Spread> spreads = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : measured.properties()) {
            List<Double> values = new ArrayList<>();
            entry.getValue().forEach(value -> values.add(value.asDouble()));
            spreads.put(
                    entry.getKey(),
                    Spread.of(values.stream().mapToDouble(v -> v).toArray()));
        }
        return new Measured(spreads);
    }
}
