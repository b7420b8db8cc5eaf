package org.dualform.task.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of task. It declares its parameters and the version of its algorithm, and it computes. It has no state.
 *
 * @param <P> the record of its parameters; see {@link org.dualform.task.parameters.ParameterReader}
 */
public interface TaskKind<P extends Record> {
    /** The name in a request: {@code plan}, {@code infer}, … */
    String name();

    /**
     * The algorithm's version, a part of the content key. It is raised whenever equal inputs would give other outputs.
     */
    int algorithmVersion();

    /** The record of its parameters. The kind sees no others, and no others count in its content key. */
    Class<P> parameters();

    /**
     * Finds the data that the content key needs. It runs once per task, before the key is known, and the computation
     * may use its findings. Most kinds need nothing.
     */
    default Prepared prepare(TaskContext context, P parameters) throws IOException {
        return new Prepared(NullNode.instance, own -> run(own, parameters));
    }

    /**
     * A task that is ready for its key.
     *
     * @param content what the key covers beyond parameters and inputs, such as the hashes of files that a name stands
     *     for
     * @param computation the computation, which runs only if no finished result has the key
     */
    record Prepared(JsonNode content, Computation computation) {}

    /** The part of a task that writes its outputs. */
    @FunctionalInterface
    interface Computation {
        /** Computes; files go under {@link TaskContext#folder()}. */
        TaskOutcome run(TaskContext context) throws IOException;
    }

    /**
     * Names of inputs that only its tracking reads. They change no output, so they do not count in the content key.
     */
    default Set<String> trackingInputs() {
        return Set.of();
    }

    /** The reason why these parameters leave nothing to do (exit code 99); empty if there is something to do. */
    default Optional<String> skip(P parameters) {
        return Optional.empty();
    }

    /**
     * The tracking of the task. By default it writes to no run and only links to the study's summary.
     *
     * @param parameters all parameters of the request
     */
    default TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new LinkTracking(study);
    }

    /** Computes; files go under {@link TaskContext#folder()}. */
    TaskOutcome run(TaskContext context, P parameters) throws IOException;
}
