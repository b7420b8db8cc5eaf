package org.dualform.task.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Result;
import org.dualform.task.file.PlanFile;
import org.dualform.task.file.StudyFile;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.SummaryTracking;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a study is complete. It is complete if every cell was measured or diverged; divergence is a result.
 * Otherwise the task fails permanently (exit code 71): the request has no mistake, and a retry would change nothing.
 */
public final class FinishKind implements TaskKind<FinishKind.Parameters> {
    /**
     * The parameters of {@code finish}; the rest it reads from files.
     *
     * @param stopped why nothing was to be measured, as in "admin did not approve it"; null or empty if all was to be
     */
    public record Parameters(@Nullable String stopped) {}

    @Override
    public String name() {
        return "finish";
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new SummaryTracking(study, SummaryTracking.Role.FINISH);
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        for (Result.Item cell : PlanFile.read(context.input(PlanFile.OUTPUT)).cells())
            names.put(cell.id(), cell.name());
        String stopped = parameters.stopped();
        if (stopped != null && !stopped.isBlank()) {
            throw new PermanentException("Nothing was computed: " + stopped.strip() + ".", null);
        }
        Set<String> missing = missing(context.optionalInput(StudyFile.RESULTS.output()), names);
        if (!missing.isEmpty()) {
            throw new PermanentException(
                    missing.size() + " of " + names.size() + (names.size() == 1 ? " cell is" : " cells are")
                            + " missing: " + String.join(", ", missing)
                            + ". See their tasks' logs, then resume: what is finished is not computed again.",
                    null);
        }
        return TaskOutcome.done(Map.of())
                .with(names.size() == 1 ? "The cell is measured." : "All " + names.size() + " cells are measured.");
    }

    /** The names of the cells that lack a row; all cells if there are no results. */
    private static Set<String> missing(Optional<Path> results, Map<String, String> names) throws IOException {
        if (results.isEmpty()) return new LinkedHashSet<>(names.values());
        Map<String, String> left = new LinkedHashMap<>(names);
        Set<String> incomplete = new LinkedHashSet<>();
        for (JsonNode row :
                Json.mapper().readTree(Files.readAllBytes(results.get())).path("rows")) {
            String id = row.path("cell").asText();
            String name = left.remove(id);
            if (row.path("status").asText().equals("missing")) {
                incomplete.add(name == null ? names.getOrDefault(id, id) : name);
            }
        }
        incomplete.addAll(left.values());
        return incomplete;
    }
}
