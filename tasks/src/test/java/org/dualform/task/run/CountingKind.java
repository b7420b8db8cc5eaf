package org.dualform.task.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dualform.contract.CancelledException;

/** A kind that writes its parameter, and counts how often it did; for tests of the runner. */
public final class CountingKind implements TaskKind {
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
    public Set<String> parameters() {
        return Set.of("text", "model", "skip");
    }

    @Override
    public Optional<String> skip(ObjectNode parameters) {
        return parameters.has("skip") ? Optional.of("Nothing asked for.") : Optional.empty();
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        Files.writeString(
                context.folder().resolve("out.txt"),
                context.parameters().path("text").asText());
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
