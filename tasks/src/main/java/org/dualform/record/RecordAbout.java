package org.dualform.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.contract.UserException;

/**
 * What the records of a file are about. It is compared before two files are scored together.
 *
 * @param model the hash of the model's files, and which of its weights were used
 * @param prompts the hash of the cell's prompts
 * @param position the token that was recorded: {@code predict} or {@code official}
 * @param queries the query vectors that were recorded: {@code unrotated} or {@code rotated}
 * @param shots the number of demonstrations in the context, or trained on
 */
public record RecordAbout(String model, String prompts, String position, String queries, int shots) {
    private static final String FORMAT = "dualform-records-1";

    /** The metadata of a file: these components, and lists of numbers by name. */
    public Map<String, String> metadata(Map<String, List<Integer>> numbers) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("model", model);
        metadata.put("prompts", prompts);
        metadata.put("position", position);
        metadata.put("queries", queries);
        metadata.put("shots", Integer.toString(shots));
        numbers.forEach((name, values) ->
                metadata.put(name, values.stream().map(String::valueOf).collect(Collectors.joining(","))));
        return metadata;
    }

    public static RecordAbout of(RecordReader file) {
        return new RecordAbout(
                file.about("model"),
                file.about("prompts"),
                file.about("position"),
                file.about("queries"),
                file.numbers("shots", 1).get(0));
    }

    /**
     * Checks that other records can be scored together with these, which are those of {@code icl}.
     *
     * @param name what the other records are called in the message
     * @throws UserException if they belong to another model, other prompts or other settings
     */
    public void requireSame(RecordAbout other, String name) {
        require(model.equals(other.model), name, "another model", model, other.model);
        require(prompts.equals(other.prompts), name, "another set of prompts", prompts, other.prompts);
        require(position.equals(other.position), name, "another position", position, other.position);
        require(queries.equals(other.queries), name, "another kind of queries", queries, other.queries);
        require(
                shots == other.shots,
                name,
                "another number of demonstrations",
                Integer.toString(shots),
                Integer.toString(other.shots));
    }

    private static void require(boolean same, String name, String what, String ours, String theirs) {
        if (same) return;
        throw UserException.data("The records of " + name + " belong to " + what + " (" + theirs
                + ") than those of icl (" + ours + "). Clear the tasks that made them, so that both are made anew.");
    }
}
