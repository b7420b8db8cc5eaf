package org.dualform.task.run;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Result;
import org.dualform.task.progress.TaskEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tracking that never fails a task: its errors are only logged. */
final class QuietTracking {
    private static final Logger LOG = LoggerFactory.getLogger(QuietTracking.class);

    private final TaskTracking tracking;
    private final TaskEvents events;
    private Optional<Result.Run> link = Optional.empty();

    QuietTracking(TaskTracking tracking, TaskEvents events) {
        this.tracking = tracking;
        this.events = events;
    }

    private interface Step {
        void take() throws IOException;
    }

    void begin(TaskContext context) {
        quietly(() -> say(tracking.begin(context)));
    }

    /** Returns the result with the run's link and with any other data that the tracking adds. */
    Result done(TaskContext context, Result result) {
        Result[] told = {result};
        quietly(() -> told[0] = tracking.done(context, result));
        Optional<Result.Run> made = Optional.ofNullable(told[0].tracking());
        if (link.isEmpty()) say(made);
        return link.isEmpty() ? told[0] : told[0].with(link.get());
    }

    void measured(int step, Map<String, Double> values, Map<String, Double> clocked) {
        quietly(() -> tracking.measured(step, values, clocked));
    }

    void failed(String message) {
        quietly(() -> tracking.failed(message));
    }

    void killed() {
        quietly(tracking::killed);
    }

    void close() {
        quietly(tracking::close);
    }

    /** The run that the task writes or links to, as far as it is known. */
    Optional<Result.Run> link() {
        return link;
    }

    private void say(Optional<Result.Run> run) {
        link = run;
        run.ifPresent(found -> events.run(found.runId(), found.url()));
    }

    private static void quietly(Step step) {
        try {
            step.take();
        } catch (CancelledException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            LOG.warn("Tracking failed; the task goes on.", e);
        }
    }
}
