package org.dualform.task.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.SpeedProbe;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.task.file.PlanFile;
import org.dualform.task.parameters.ModelUse;
import org.dualform.task.run.Models;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.source.TokenWork;
import org.dualform.task.store.SpeedMemory;
import org.dualform.task.tracking.SummaryTracking;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks an experiment and expands it into the tasks after it. The files and hashes that the experiment's names stand
 * for, and the machine, are part of the content key. A finished plan is used only while none of these has changed.
 */
public final class PlanKind implements TaskKind<PlanKind.Parameters> {
    /** Name of the parameter with the experiment. */
    public static final String EXPERIMENT = "experiment";

    /** Name of {@link Parameters#measureRate}. */
    public static final String MEASURE_RATE = "measure_rate";

    /** The metric that {@link Parameters#measureRate} asks for. */
    public static final String RATE = "tokens_per_second";

    /** A task that needs more memory than this is no small cell, and this worker may be too small to open its model. */
    private static final long SMALL_BYTES = 2_000_000_000;

    /**
     * The parameters of {@code plan}.
     *
     * @param experiment a spec, or a form's values
     * @param measureRate whether to measure the tokens in a second of this machine, which opens the model; null for no
     * @param measureRateAbove measure it if there are more cells than this, and their memory says that they may be
     *     small; null for no
     */
    public record Parameters(
            JsonNode experiment,
            @Nullable Boolean measureRate,
            @Nullable Integer measureRateAbove) {
        private boolean measures(StudyPlan plan) {
            if (Boolean.TRUE.equals(measureRate)) return true;
            return measureRateAbove != null
                    && plan.expand().getOrDefault("cells", List.of()).size() > measureRateAbove
                    && plan.cost().memoryBytes() <= SMALL_BYTES;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(PlanKind.class);

    private final Map<String, String> environment;
    private final int parallelTasks;
    private final HubSources hub;

    /**
     * @param environment the environment variables, which name the roots of models and data sets
     * @param parallelTasks the number of tasks that run at the same time on one machine
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
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    /** The plan is part of its own key, so it is made before the key and kept for the result. */
    @Override
    public Prepared prepare(TaskContext context, Parameters parameters) throws IOException {
        StudyPlan plan = plan(context, parameters);
        PlanFile file = plan.toFile();
        return new Prepared(file.toJson(), own -> {
            OptionalDouble rate =
                    parameters.measures(plan) ? OptionalDouble.of(inSecond(plan, own)) : OptionalDouble.empty();
            TaskOutcome outcome = write(plan, file, rate, own);
            return rate.isPresent() ? outcome.withMetric(RATE, rate.getAsDouble()) : outcome;
        });
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new SummaryTracking(study, SummaryTracking.Role.PLAN);
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        return prepare(context, parameters).computation().run(context);
    }

    /**
     * The plan of an experiment for a task that measures it in a way of its own.
     *
     * @throws org.dualform.contract.UserException naming every mistake in the experiment
     */
    public PlanFile planned(TaskContext context, JsonNode experiment) throws IOException {
        return plan(context, new Parameters(experiment, null, null)).toFile();
    }

    private static TaskOutcome write(StudyPlan plan, PlanFile file, OptionalDouble rate, TaskContext context)
            throws IOException {
        file.write(context.folder());
        int cells = plan.expand().getOrDefault("cells", List.of()).size();
        StringBuilder message = new StringBuilder(cells + (cells == 1 ? " cell. " : " cells. "))
                .append(plan.cost().sentence());
        if (rate.isPresent()) message.append(' ').append(plan.cost().times(rate.getAsDouble()));
        if (plan.chunkRows() < QueryScorer.CHUNK_ROWS)
            message.append(" Queries run " + plan.chunkRows() + " at once, not " + QueryScorer.CHUNK_ROWS
                    + ", so that memory suffices.");
        for (String warning : plan.warnings()) message.append("\nWarning: ").append(warning);
        return TaskOutcome.done(Map.of(PlanFile.OUTPUT, PlanFile.FILE))
                .withExpand(plan.expand())
                .withMetric("cells", (double) cells)
                .withMetric("tokens", (double) plan.cost().tokens())
                .withMetric("select_tokens", (double) plan.cost().selectTokens())
                .withMetric("most_select_tokens", (double) plan.cost().mostSelectTokens())
                .withMetric("memory_bytes", (double) plan.cost().memoryBytes())
                .withMetric("disk_bytes", (double) plan.cost().diskBytes())
                .with(message.toString());
    }

    /** How much of what the plan counts is done in a second: the rows that the speed was measured on include a head each. */
    private double inSecond(StudyPlan plan, TaskContext context) throws IOException {
        double rate = rate(plan, context);
        try (ModelFacts model = ModelFacts.read(plan.model())) {
            return TokenWork.of(model).inSecond(rate, plan.rowTokens());
        }
    }

    /** The speed of the model on this machine, measured now or earlier. */
    private double rate(StudyPlan plan, TaskContext context) throws IOException {
        String home = environment.get("DUALFORM_HOME");
        SpeedMemory memory =
                home == null ? context.speeds() : new SpeedMemory(Path.of(home).resolve(SpeedMemory.FOLDER));
        String what = String.join(
                " ",
                plan.model().sha256(),
                plan.device(),
                plan.threads() + " threads of " + Runtime.getRuntime().availableProcessors(),
                plan.chunkRows() + "x" + plan.rowTokens());
        OptionalDouble known = memory.get(what);
        if (known.isPresent()) return known.getAsDouble();
        double rate = measured(plan, context);
        try {
            memory.put(what, rate);
        } catch (IOException e) {
            LOG.warn("The speed is measured again next time, because it cannot be kept: {}", e.toString());
        }
        return rate;
    }

    private static double measured(StudyPlan plan, TaskContext context) throws IOException {
        ModelUse use = new ModelUse(
                plan.model(),
                ModelVariant.TRAINED,
                plan.threads(),
                plan.device(),
                plan.experiment().machine().dtype());
        try (Models.Lease lease = context.models().open(use, context.hashes())) {
            double rate = SpeedProbe.tokensPerSecond(lease.model(), plan.chunkRows(), plan.rowTokens());
            context.info("The model takes " + Math.round(rate) + " tokens a second here, " + plan.chunkRows()
                    + " rows of " + plan.rowTokens() + " at once.");
            return rate;
        }
    }

    private StudyPlan plan(TaskContext context, Parameters parameters) throws IOException {
        Draft draft = Experiment.draft(parameters.experiment());
        try (HubSources.Session session = hub.session(context.progress(), context::info)) {
            return new Planner(draft, environment, session, context.hashes(), parallelTasks)
                    .whereFilesTravel(context.filesTravel())
                    .plan();
        }
    }
}
