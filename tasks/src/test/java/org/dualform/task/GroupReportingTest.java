package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.Reporting;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task of several cells tells a real MLflow while it computes: the same as the steps one by one, in half the requests. */
@Tag("slow")
class GroupReportingTest {
    private static final String EXPERIMENT = "group-reporting";

    /** Of a cell with both methods. What a task asks once is shared by its cells. */
    private static final int MOST_REQUESTS = 28;

    @TempDir
    Path folder;

    private MlflowProcess server;
    private final Map<String, Path> workspaces = new TreeMap<>();
    /** For each link that was told, whether its run was there then. */
    private final List<Boolean> runsAtLink = new ArrayList<>();

    private @Nullable String stopAt;

    @BeforeEach
    void start() throws Exception {
        server = MlflowProcess.start(folder.resolve("mlflow"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Map<String, String> environment() {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        return Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
    }

    private Request request(String study, String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        Path workspace =
                workspaces.computeIfAbsent(study, name -> folder.resolve(name).toAbsolutePath());
        return new Request(
                Request.SCHEMA,
                kind,
                new Request.Identity("d", study, kind, 0, 1),
                new Request.Tracking(server.uri(), EXPERIMENT, study),
                parameters,
                inputs,
                workspace.toString(),
                false);
    }

    private Result one(Request request) {
        try (Models models = Models.ofOneTask()) {
            return new TaskRunner(Kinds.all(environment(), 1), models, TaskEvents.none(), new Cancellation())
                    .run(request);
        }
    }

    private Result plan(String study) throws Exception {
        ObjectNode experiment = Json.mapper().createObjectNode();
        experiment.set("experiment", Json.mapper().readTree("""
                {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1,2,3", "limit": 8}
                """));
        return one(request(study, "plan", experiment, Map.of()));
    }

    private static List<Result.Item> items(Result plan, String list) {
        return Objects.requireNonNull(plan.expand()).getOrDefault(list, List.of());
    }

    private Request cells(String study) throws Exception {
        Result plan = plan(study);
        Result.Item select = items(plan, "select").get(0);
        Reference selection = Objects.requireNonNull(one(request(study, "select", select.parameters(), Map.of()))
                .outputs()
                .get("selection"));
        ObjectNode parameters = Json.mapper().createObjectNode().put("cleared", false);
        parameters.set("cells", Json.mapper().valueToTree(items(plan, "cells")));
        return request(study, "cell", parameters, Map.of("selection", selection));
    }

    /** Sees whether a run exists when its link is told, and asks to stop at a phase. */
    private TaskEvents events(Cancellation cancellation) {
        return new TaskEvents() {
            @Override
            public void run(String runId, String url) {
                try (Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
                    runsAtLink.add(!mlflow.runs().get(runId).deleted());
                }
            }

            @Override
            public void link(String page, String url) {
                run(url.replaceAll(".*/runs/|\\?.*", ""), url);
            }

            @Override
            public void progress(String what, long done, long total, @Nullable Duration eta) {
                if (stopAt != null && what.startsWith(stopAt)) cancellation.request();
            }

            @Override
            public void info(String line) {}
        };
    }

    private GroupResult.Ended group(Request request, boolean background) {
        Cancellation cancellation = new Cancellation();
        GroupEvents events = new GroupEvents(events(cancellation));
        try (Models models = Models.oneAtATime();
                Reporting reporting = new Reporting(cancellation)) {
            TaskRunner runner = new TaskRunner(
                    Kinds.all(environment(), 1),
                    models,
                    events,
                    cancellation,
                    environment(),
                    background ? reporting : null);
            GroupResult.Ended ended = new StepGroup(request, runner, events, bug -> {
                        throw new AssertionError(bug);
                    })
                    .run();
            reporting.flush();
            return ended;
        }
    }

    private List<String> requests() throws Exception {
        try (Stream<String> lines = Files.lines(folder.resolve("mlflow/server.log"))) {
            return lines.filter(line -> line.matches(".*\"(GET|POST|PUT|DELETE) /api/.*"))
                    .map(line -> line.replaceAll(".*\"(\\w+) /api/2.0/([^? ]+).*", "$1 $2")
                            .replaceAll("(mlflow-artifacts)/.*", "$1"))
                    .toList();
        }
    }

    /** What the runs of a study hold, without what differs between two studies of the same experiment. */
    private Map<String, String> held(String study) {
        Map<String, String> held = new TreeMap<>();
        try (Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            for (RunView run : mlflow.runs().everyOfStudy(EXPERIMENT, study)) {
                Map<String, String> tags = new TreeMap<>(run.tags());
                tags.keySet().removeAll(List.of("study", "dualform.run_key", "dualform.opened", "airflow.run_id"));
                // The key of a step covers files with times.
                tags.replace(Tags.CONTENT_KEY, "some key");
                String metrics = run.metrics().keySet().stream()
                        .map(name -> name
                                + mlflow.runs().history(run.id(), name).stream()
                                        .map(point -> point.step()
                                                + (name.contains("ms_per") || name.contains("seconds")
                                                        ? ""
                                                        : "=" + point.value()))
                                        .toList())
                        .collect(Collectors.joining(" "));
                String before = held.put(
                        run.name(),
                        run.status() + "\n" + run.params() + "\n" + tags + "\n" + metrics + "\n"
                                + mlflow.artifacts().list(run, "").stream()
                                        .sorted()
                                        .toList());
                assertThat(before).as("a second " + run.name()).isNull();
            }
        }
        return held;
    }

    @Test
    void tellsTheSameAsStepByStepInHalfTheRequests() throws Exception {
        Request alone = cells("alone");
        int start = requests().size();
        assertThat(group(alone, false).code()).isEqualTo(ExitCode.DONE);
        int stepByStep = requests().size() - start;
        Request together = cells("together");
        start = requests().size();
        assertThat(group(together, true).code()).isEqualTo(ExitCode.DONE);
        List<String> told = requests().subList(start, requests().size());
        int count = told.size() - runsAtLink.size() / 2;
        System.out.printf(
                "3 cells: %d requests step by step, %d in the background%n%s%n",
                stepByStep - runsAtLink.size() / 2,
                count,
                told.stream().collect(Collectors.groupingBy(call -> call, TreeMap::new, Collectors.counting())));
        // Two more in the task: the experiment and the summary.
        assertThat(count).isLessThanOrEqualTo(3 * MOST_REQUESTS + 2);
        assertThat(runsAtLink).hasSizeGreaterThanOrEqualTo(2 * 9).doesNotContain(false);
        Map<String, String> expected = held("alone");
        expected.remove("summary alone");
        Map<String, String> held = held("together");
        held.remove("summary together");
        assertThat(held).hasSize(9).isEqualTo(expected);
    }

    @Test
    void aStoppedTaskLeavesNothingUntoldAndItsNextTryOneRunACurve() throws Exception {
        Request request = cells("stopped");
        stopAt = "fine-tuning";
        assertThatThrownBy(() -> group(request, true)).isInstanceOf(CancelledException.class);
        stopAt = null;
        try (Tracker next = Tracker.open(
                MlflowServer.of(server.uri(), Map.of()),
                Objects.requireNonNull(workspaces.get("stopped")).resolve("spool"))) {
            assertThat(next.deliver().waiting()).isZero();
        }
        assertThat(held("stopped"))
                .hasEntrySatisfying(
                        "topics icl, seed 1",
                        run -> assertThat(run).startsWith("FINISHED").contains("accuracy["))
                .hasEntrySatisfying("topics ft, seed 1", run -> assertThat(run).startsWith(RunStatus.KILLED + "\n{"));
        assertThat(group(request, true).code()).isEqualTo(ExitCode.DONE);
        Map<String, String> held = held("stopped");
        held.remove("summary stopped");
        assertThat(held).hasSize(9).allSatisfy((name, run) -> assertThat(run).startsWith("FINISHED"));
    }
}
