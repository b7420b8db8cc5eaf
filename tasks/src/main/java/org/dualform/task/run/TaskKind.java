package org.dualform.task.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of task: what it reads, which version of its algorithm it is, and how it computes. Stateless.
 *
 * @param <P> the record of its parameters; see {@link org.dualform.task.parameters.ParameterReader}
 */
public interface TaskKind<P extends Record> {
    /** As in the request: {@code plan}, {@code infer}, … */
    String name();

    /** Raised whenever equal inputs would give other outputs; part of the content key. */
    int algorithmVersion();

    /** The record of its parameters. The kind sees no others, and no others count in its content key. */
    Class<P> parameters();

    /**
     * Does what the content key needs. It runs once a task, before the key is known; the computation may use what it found.
     * Most kinds need nothing.
     */
    default Prepared prepare(TaskContext context, P parameters) throws IOException {
        return new Prepared(NullNode.instance, own -> run(own, parameters));
    }

    /**
     * A task whose key can be made.
     *
     * @param content what counts in the key beyond parameters and inputs, such as the hashes of what a name stands for
     * @param computation runs only if no finished result has the key
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

    /** Why there is nothing to do for these parameters (exit 99); empty where there is. */
    default Optional<String> skip(P parameters) {
        return Optional.empty();
    }

    /**
     * What the task writes to its study's runs; unless a kind says otherwise, it only links to the summary.
     *
     * @param parameters all that the request has
     */
    default TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new LinkTracking(study);
    }

    /** Computes; files go under {@link TaskContext#folder()}. */
    TaskOutcome run(TaskContext context, P parameters) throws IOException;
}
