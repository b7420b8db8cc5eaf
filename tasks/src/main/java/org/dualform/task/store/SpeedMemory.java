package org.dualform.task.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;

/** The speeds that were measured on this machine, a file each, so that a model need not be opened again to plan. */
public final class SpeedMemory {
    /** The usual name of the folder. */
    public static final String FOLDER = "speeds";

    private static final String RATE = "tokens_per_second";

    private final Path folder;

    /** @param folder the folder of the files; it is made when a speed is kept */
    public SpeedMemory(Path folder) {
        this.folder = folder;
    }

    /**
     * The speed that was kept; empty if there is none, or its file is damaged.
     *
     * @param what all that the speed depends on
     */
    public OptionalDouble get(String what) throws IOException {
        Path file = file(what);
        if (!Files.exists(file)) return OptionalDouble.empty();
        try {
            JsonNode kept = Json.mapper().readTree(Files.readAllBytes(file));
            double rate = kept.path(RATE).asDouble();
            return rate > 0 && kept.path("what").asText().equals(what)
                    ? OptionalDouble.of(rate)
                    : OptionalDouble.empty();
        } catch (JsonProcessingException e) {
            return OptionalDouble.empty();
        }
    }

    /** Keeps a speed. */
    public void put(String what, double rate) throws IOException {
        Files.createDirectories(folder);
        String text =
                Json.pretty(Json.mapper().createObjectNode().put("what", what).put(RATE, rate));
        Durable.write(file(what), text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String what) {
        return folder.resolve(Sha256.hex(what.getBytes(StandardCharsets.UTF_8)).substring(0, 32) + ".json");
    }
}
