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

    /** What counts in the content key beyond parameters and inputs, such as the hashes of what a name stands for. */
    default JsonNode content(TaskContext context) throws IOException {
        return NullNode.instance;
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
