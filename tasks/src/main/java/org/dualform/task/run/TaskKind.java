package org.dualform.task.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** One kind of task: what it reads, which version of its algorithm it is, and how it computes. Stateless. */
public interface TaskKind {
    /** As in the request: {@code plan}, {@code infer}, … */
    String name();

    /** Raised whenever equal inputs would give other outputs; part of the content key. */
    int algorithmVersion();

    /** Names of the parameters it reads. It sees no other, and no other counts in its content key. */
    Set<String> parameters();

    /**
     * Does what the content key needs. It runs once a task, before the key is known; the computation may use what it found.
     * Most kinds need nothing.
     */
    default Prepared prepare(TaskContext context) throws IOException {
        return new Prepared(NullNode.instance, this::run);
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

    /** Why there is nothing to do for these parameters (exit 99); empty: there is. */
    default Optional<String> skip(ObjectNode parameters) {
        return Optional.empty();
    }

    /** What the task says on its study's runs; unless a kind says otherwise, it links to the summary. */
    default TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new LinkTracking(study);
    }

    /** Computes; files go under {@link TaskContext#folder()}. */
    TaskOutcome run(TaskContext context) throws IOException;
}
