package org.dualform.task.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Result;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a kind's computation.
 *
 * @param outputs output name to file name inside the task's folder
 * @param expand for {@code plan}, the items that the next tasks are mapped over
 * @param metrics headline numbers; null where undefined
 * @param message whole sentences for a person; may be empty
 */
public record TaskOutcome(
        Result.Status status,
        Map<String, String> outputs,
        @Nullable Map<String, List<Result.Item>> expand,
        Map<String, @Nullable Double> metrics,
        String message) {

    /** An outcome with the status {@code done} and these files. */
    public static TaskOutcome done(Map<String, String> outputs) {
        return new TaskOutcome(Result.Status.DONE, outputs, null, new TreeMap<>(), "");
    }

    /** The same with another status. */
    public TaskOutcome with(Result.Status newStatus) {
        return new TaskOutcome(newStatus, outputs, expand, metrics, message);
    }

    /** The same with a message. */
    public TaskOutcome with(String newMessage) {
        return new TaskOutcome(status, outputs, expand, metrics, newMessage);
    }

    /** The same with the items that the next tasks are mapped over. */
    public TaskOutcome withExpand(Map<String, List<Result.Item>> items) {
        return new TaskOutcome(status, outputs, items, metrics, message);
    }

    /** The same with one more headline number. */
    public TaskOutcome withMetric(String name, @Nullable Double value) {
        Map<String, @Nullable Double> more = new TreeMap<>(metrics);
        more.put(name, value);
        return new TaskOutcome(status, outputs, expand, more, message);
    }
}
