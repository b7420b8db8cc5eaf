package org.dualform.record;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.contract.UserException;

/**
 * Whose records a file holds: compared before any two are scored together.
 *
 * @param model hash of the model's files, and which weights of it were used
 * @param prompts hash of the cell's prompts
 * @param position {@code predict} or {@code official}
 * @param queries {@code unrotated} or {@code rotated}
 * @param shots demonstrations in the context, or trained on
 */
public record RecordAbout(String model, String prompts, String position, String queries, int shots) {
    private static final String FORMAT = "dualform-records-1";

    /** As a file's metadata, with what else it is to say. */
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
                Integer.parseInt(file.about("shots")));
    }

    /** A list of numbers of a file's metadata. */
    public static int[] numbers(RecordReader file, String name) {
        String text = file.about(name);
        if (text.isEmpty()) return new int[0];
        return Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    }

    /** @throws UserException if {@code other}, called {@code name}, belongs to another model, other prompts or settings */
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
