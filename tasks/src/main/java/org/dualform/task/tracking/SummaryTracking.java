package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.server.Runs;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.report.Report;
import org.dualform.score.result.Results;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.CurveIdentity;
import org.dualform.task.file.PlanFile;
import org.dualform.task.file.StudyFile;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the study's summary run. The task {@code plan} makes it, {@code summarise} writes it, and {@code finish} ends
 * it together with all runs that are still open.
 */
public final class SummaryTracking extends OwnedRun {
    /** The task that writes, one of the three. */
    public enum Role {
        PLAN,
        SUMMARISE,
        FINISH
    }

    private static final Logger LOG = LoggerFactory.getLogger(SummaryTracking.class);
    private static final String CURVES = "Chart of all curves";
    private static final String REPORT = "Report";

    private final Role role;

    public SummaryTracking(StudyTracking study, Role role) {
        super(study);
        this.role = role;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) throws IOException {
        // A plan with mistakes makes no run.
        return role == Role.PLAN ? Optional.empty() : open(context.input(PlanFile.OUTPUT));
    }

    private Optional<Result.Run> open(Path plan) throws IOException {
        JsonNode spec = PlanFile.read(plan).spec();
        return open(study().run(
                        study().key("", StudyTracking.SUMMARY),
                        "summary " + study().study(),
                        RunParams.specParams(spec),
                        Map.of(Tags.KIND, StudyTracking.SUMMARY)));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        switch (role) {
            case PLAN -> {
                return planned(context, result);
            }
            case SUMMARISE -> summarised(context, result);
            case FINISH -> {
                run().ifPresent(run -> run.end(RunStatus.FINISHED));
                return closed(true)
                        .map(warning -> result.withMessage(result.message() + "\nWarning: " + warning))
                        .orElse(result);
            }
        }
        return result;
    }

    /** Opens the study. */
    private Result planned(TaskContext context, Result result) throws IOException {
        Path plan = context.output(result, PlanFile.OUTPUT);
        Optional<Result.Run> link = open(plan);
        run().ifPresent(run -> {
            run.file(PlanFile.FILE, plan);
            run.note("Under way. " + result.message().replace("\n", "\n\n"));
        });
        summary()
                .ifPresent(view -> context.link(
                        "curves",
                        study().links(view.experimentId())
                                .charts(study().study())
                                .toString()));
        return link.isEmpty() ? result : result.with(link.get());
    }

    private void summarised(TaskContext context, Result result) throws IOException {
        Results results = Json.mapper()
                .readValue(Files.readAllBytes(context.output(result, StudyFile.RESULTS.output())), Results.class);
        Optional<TrackedRun> open = run();
        if (open.isEmpty()) return;
        TrackedRun run = open.get();
        say(run, points(results));
        for (StudyFile file : StudyFile.values()) {
            if (result.outputs().containsKey(file.output())) {
                run.file(file.fileName(), context.output(result, file.output()));
            }
        }
        Map<String, String> addresses = links(run);
        run.note(new Report(results).markdown(addresses));
        tell(context, "curves", addresses.get(CURVES));
        tell(context, "report", addresses.get(REPORT));
    }

    private static void tell(TaskContext context, String page, @Nullable String address) {
        if (address != null) context.link(page, address);
    }

    /**
     * A metric's step is the shot count. Its name starts with the name of its curve, as in {@code topics/icl.accuracy}.
     */
    private static List<MetricPoint> points(Results results) {
        Map<String, String> firstTemplates = new HashMap<>();
        List<MetricPoint> points = new ArrayList<>();
        for (SummaryRow row : results.summary()) {
            String template = String.valueOf(row.template());
            boolean first = firstTemplates
                    .computeIfAbsent(row.dataset(), dataset -> template)
                    .equals(template);
            boolean plain = first || row.arm().equals(SummaryRow.SELECTED);
            String curve = new CurveIdentity(row.dataset(), row.arm(), null, plain ? null : template).name();
            row.metrics()
                    .forEach((name, metric) -> points.addAll(MetricPoints.of(curve + "/" + name, metric, row.shots())));
        }
        return points;
    }

    private Map<String, String> links(TrackedRun run) {
        Map<String, String> addresses = new LinkedHashMap<>();
        Optional<RunView> view = summary();
        if (view.isEmpty()) return addresses;
        Links links = study().links(view.get().experimentId());
        put(addresses, CURVES, study().charts(view.get().experimentId()));
        String report = StudyFile.REPORT.fileName();
        run.id().filter(id -> !run.refused(report)).ifPresent(id -> put(addresses, REPORT, links.artifact(id, report)));
        put(addresses, "Table of all runs", links.table(study().study()));
        return addresses;
    }

    /** The summary run, if the server knows it and answers. */
    private Optional<RunView> summary() {
        return study().find(study().key("", StudyTracking.SUMMARY));
    }

    private static void put(Map<String, String> addresses, String name, URI address) {
        addresses.put(name, address.toString());
    }

    /** A study that ends incomplete has failed. */
    @Override
    public void failed(String message) {
        super.failed(message);
        if (role == Role.FINISH) closed(false).ifPresent(LOG::warn);
    }

    /**
     * Ends the runs of tasks that were killed at once or never finished, and deletes what tasks sent to each other.
     *
     * @return a warning, if there is one
     */
    private Optional<String> closed(boolean complete) {
        Runs runs = study().tracker().mlflow().runs();
        List<RunView> all = runs.everyOfStudy(study().experiment(), study().study());
        for (RunView run : all) {
            boolean leftOver = !run.superseded() && !run.status().ended();
            if (leftOver) runs.end(run.id(), RunStatus.KILLED, System.currentTimeMillis());
        }
        return study().filesTravel() ? new TransportClearing(study()).clear(all, complete) : Optional.empty();
    }
}
