package org.dualform.task.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.infer.QueryScorer;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.source.HubSources;
import org.dualform.task.tracking.SummaryTracking;

/**
 * Checks an experiment and expands it into the tasks after it. What the experiment's names stand for (files, hashes,
 * machine) is part of the key, so a plan is found again only while none of that has changed.
 */
public final class PlanKind implements TaskKind {
    public static final String EXPERIMENT = "experiment";

    private final Map<String, String> environment;
    private final int parallelTasks;
    private final HubSources hub;

    /**
     * @param environment where roots of models and data sets are named
     * @param parallelTasks how many tasks run beside each other on one machine
     */
    public PlanKind(Map<String, String> environment, int parallelTasks) {
        this.environment = Map.copyOf(environment);
        this.parallelTasks = parallelTasks;
        this.hub = new HubSources(environment);
    }

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Set<String> parameters() {
        return Set.of(EXPERIMENT);
    }

    /** The plan is part of its own key, so it is made before the key and kept for the result. */
    @Override
    public Prepared prepare(TaskContext context) throws IOException {
        StudyPlan plan = plan(context);
        JsonNode content = plan.toJson();
        return new Prepared(content, own -> write(plan, content, own));
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new SummaryTracking(study, SummaryTracking.Role.PLAN);
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        return prepare(context).computation().run(context);
    }

    private static TaskOutcome write(StudyPlan plan, JsonNode content, TaskContext context) throws IOException {
        Files.writeString(context.folder().resolve("plan.json"), Json.pretty(content), StandardCharsets.UTF_8);
        int cells = plan.expand().getOrDefault("cells", List.of()).size();
        StringBuilder message = new StringBuilder(cells + (cells == 1 ? " cell. " : " cells. "))
                .append(plan.cost().sentence());
        if (plan.chunkRows() < QueryScorer.CHUNK_ROWS)
            message.append(" Queries run " + plan.chunkRows() + " at once, not " + QueryScorer.CHUNK_ROWS
                    + ", so that memory suffices.");
        for (String warning : plan.warnings()) message.append("\nWarning: ").append(warning);
        return TaskOutcome.done(Map.of("plan", "plan.json"))
                .withExpand(plan.expand())
                .withMetric("cells", (double) cells)
                .withMetric("tokens", (double) plan.cost().tokens())
                .with(message.toString());
    }

    private StudyPlan plan(TaskContext context) throws IOException {
        Draft draft = Experiment.draft(context.parameters().path(EXPERIMENT));
        try (HubSources.Session session = hub.session(context.progress(), context::info)) {
            return new Planner(draft, environment, session, context.hashes(), parallelTasks).plan();
        }
    }
}
