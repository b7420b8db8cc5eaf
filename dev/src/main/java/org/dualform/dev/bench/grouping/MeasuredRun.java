package org.dualform.dev.bench.grouping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.Conf;
import org.dualform.cli.workflow.control.DagReady;
import org.dualform.cli.workflow.control.RunFollower;
import org.dualform.cli.workflow.control.Triggering;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.dev.bench.measure.ChildProcess;

/** Triggers one run in Airflow, follows it to its end, and reads what it took. */
final class MeasuredRun {
    private static final String RUN = "measured";
    private static final Pattern REQUEST = Pattern.compile("\"(GET|POST|PUT|PATCH|DELETE) /(api|ajax-api)/");
    private static final String LARGEST_XCOM = """
        import sqlite3, sys
        query = "select coalesce(max(length(cast(value as blob))), 0) from xcom where dag_id = ?"
        print(sqlite3.connect(sys.argv[1]).execute(query, sys.argv[2:]).fetchone()[0])
        """;

    private final OwnServers servers;
    private final SweepSize size;
    private final Console console;

    MeasuredRun(OwnServers servers, SweepSize size, Console console) {
        this.servers = servers;
        this.size = size;
        this.console = console;
    }

    /**
     * What a run took.
     *
     * @param tasks the number of task instances
     * @param wallSeconds from its start to its end
     * @param computeSeconds what its steps took for computing, added up
     * @param airflowBytes by how much Airflow's database grew
     * @param mlflowBytes by how much MLflow's database grew
     * @param requests the number of requests to MLflow
     * @param largestXcom the bytes of the largest XCom, as Airflow's database holds it
     */
    record Took(
            int tasks,
            double wallSeconds,
            double computeSeconds,
            PartMemory.Peak memory,
            long airflowBytes,
            long mlflowBytes,
            long requests,
            long largestXcom) {}

    Took grouping(String grouping) throws InterruptedException, IOException {
        ObjectNode given = Json.mapper().createObjectNode();
        size.conf().forEach(given::put);
        given.put("model", size.model()).put("datasets", size.dataset());
        given.put(
                "seeds",
                IntStream.rangeClosed(1, size.cells())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",")));
        return run(
                MeasuredDags.dag(grouping),
                MeasuredDags.workspace(servers.home().state(), grouping),
                given);
    }

    Took empty() throws InterruptedException, IOException {
        return run(MeasuredDags.EMPTY, servers.home().state(), Json.mapper().createObjectNode());
    }

    private Took run(String dag, Path workspace, ObjectNode given) throws InterruptedException, IOException {
        Home home = servers.home();
        AirflowClient airflow = servers.airflow();
        DagForm form = DagReady.await(airflow, dag, console);
        Map<String, Object> conf =
                given.isEmpty() ? Map.of() : Conf.of(form, given).checked();
        long airflowBefore = database(home.airflowHome(), "airflow.db");
        long mlflowBefore = database(home.mlflowHome(), "mlflow.db");
        long requestsBefore = requests();
        PartMemory.Peak peak;
        RunProgress ended;
        try (PartMemory memory = PartMemory.of(servers.stack())) {
            DagRun run = Triggering.start(airflow, form, RUN, conf, null);
            ended = new RunFollower(airflow, console).follow(run);
            peak = memory.peak();
        }
        if (ended.run().state() != RunState.SUCCESS) {
            servers.keep();
            String failed = ended.failed().stream().map(TaskInstance::label).collect(Collectors.joining(", "));
            throw new PermanentException(
                    "The measured run of " + dag + " failed: " + failed + ". The logs are below " + home.state() + ".",
                    null);
        }
        return new Took(
                ended.total(),
                seconds(ended.run()),
                computed(workspace),
                peak,
                database(home.airflowHome(), "airflow.db") - airflowBefore,
                database(home.mlflowHome(), "mlflow.db") - mlflowBefore,
                requests() - requestsBefore,
                largestXcom(dag));
    }

    private static double seconds(DagRun run) {
        Instant started = Objects.requireNonNull(run.startedAt(), "a finished run has started");
        Instant ended = Objects.requireNonNull(run.endedAt(), "a finished run has ended");
        return Duration.between(started, ended).toMillis() / 1000.0;
    }

    /** The seconds of all steps that left a result in the workspace. */
    private static double computed(Path workspace) throws IOException {
        Path results = workspace.resolve("results");
        if (!Files.isDirectory(results)) return 0;
        try (Stream<Path> files = Files.find(
                results, 3, (file, facts) -> file.getFileName().toString().equals("result.json"))) {
            return files.mapToDouble(MeasuredRun::secondsOf).sum();
        }
    }

    private static double secondsOf(Path result) {
        try {
            return Json.mapper()
                    .readTree(result.toFile())
                    .path("provenance")
                    .path("times")
                    .path("seconds")
                    .asDouble();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long database(Path folder, String name) throws IOException {
        long bytes = 0;
        for (String end : new String[] {"", "-wal"}) {
            Path file = folder.resolve(name + end);
            if (Files.exists(file)) bytes += Files.size(file);
        }
        return bytes;
    }

    /** The number of requests in the log of the MLflow server so far. */
    private long requests() throws IOException {
        try (Stream<String> lines = Files.lines(servers.stack().log("mlflow"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> REQUEST.matcher(line).find()).count();
        }
    }

    private long largestXcom(String dag) {
        Home home = servers.home();
        Path database = home.airflowHome().resolve("airflow.db");
        Path python = PythonEnvironment.airflow(home).program("python");
        return Long.parseLong(ChildProcess.run(List.of(python.toString(), "-c", LARGEST_XCOM, database.toString(), dag))
                .strip());
    }
}
