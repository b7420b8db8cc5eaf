package org.dualform.task.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dualform.contract.CancelledException;
import org.jspecify.annotations.Nullable;

/** A kind that writes its parameter, and counts how often it did; for tests of the runner. */
public final class CountingKind implements TaskKind<CountingKind.Parameters> {
    /** A text to write; where it is absent, an empty one. */
    public record Parameters(
            @Nullable String text,
            @Nullable JsonNode model,
            @Nullable Boolean skip) {}

    final AtomicInteger computed = new AtomicInteger();
    final CountDownLatch started = new CountDownLatch(1);
    int version = 1;
    long steps = 1;
    long millisPerStep;

    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public int algorithmVersion() {
        return version;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Optional<String> skip(Parameters parameters) {
        return parameters.skip() != null ? Optional.of("Nothing asked for.") : Optional.empty();
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        Files.writeString(context.folder().resolve("out.txt"), Objects.requireNonNullElse(parameters.text(), ""));
        for (long step = 0; step < steps; step++) {
            started.countDown();
            context.progress().at("steps", step, steps);
            try {
                Thread.sleep(millisPerStep);
            } catch (InterruptedException e) {
                throw new CancelledException();
            }
        }
        computed.incrementAndGet();
        return TaskOutcome.done(Map.of("text", "out.txt")).withMetric("steps", (double) steps);
    }
}
