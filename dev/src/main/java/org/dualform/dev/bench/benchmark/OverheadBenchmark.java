package org.dualform.dev.bench.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Home;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.ChainFile;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Step;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.ChildProcess;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.task.ChainRequests;
import org.dualform.task.Kinds;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;

/**
 * Measures the overhead of running a task as a process of its own: its time minus the time of the same computation in a
 * warm process.
 */
public final class OverheadBenchmark implements Benchmark {
    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public String description() {
        return "wall seconds of a task beyond its computing: a process of its own (start, engine, and tracking if the"
                + " servers run) minus the same task in a warm process. The built-in model, 64 rows";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        try {
            Path workspace = Files.createTempDirectory("dualform-bench");
            try (Models models = Models.shared()) {
                return measure(bench, workspace, models);
            } finally {
                FileTree.delete(workspace);
            }
        } catch (IOException e) {
            throw new PermanentException("The task's folder cannot be made: " + e, e);
        }
    }

    private static List<Ratio> measure(BenchRun bench, Path workspace, Models models) throws IOException {
        Map<String, String> environment = System.getenv();
        TaskRunner runner = new TaskRunner(Kinds.all(environment, 1), models, TaskEvents.none(), new Cancellation());
        Request infer = inferRequest(runner, workspace);
        Path request = workspace.resolve("infer.request.json");
        Files.writeString(request, Json.pretty(tracked(infer).toJson()));
        runner.run(infer);
        double[] seconds = new double[bench.rounds()];
        for (int i = 0; i < seconds.length; i++) {
            double warm = seconds(() -> runner.run(infer));
            double process = seconds(() -> ChildProcess.run(command(request, workspace)));
            seconds[i] = process - warm;
        }
        Spread spread = Spread.of(seconds);
        String with = tracked(infer).tracking() == null ? "no server runs: without tracking" : "with tracking";
        return List.of(Ratio.atMost(3, "seconds of a task beyond its computing", spread, with));
    }

    /**
     * A request for in-context inference on the built-in model, as the chain makes it. It never reuses a finished
     * result.
     */
    private static Request inferRequest(TaskRunner runner, Path workspace) {
        ObjectNode experiment = Json.mapper().createObjectNode();
        experiment
                .put("model", "mini")
                .put("datasets", "topics")
                .put("shots", "0,4")
                .put("seeds", "1");
        experiment.put("methods", "icl").put("limit", 64);
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("experiment", experiment);
        ChainRequests requests = new ChainRequests(ChainFile.read(), workspace, true);
        run(requests, "plan", requests.study(parameters), runner);
        Result.Item cell = requests.items(Scope.CELL).get(0);
        run(requests, "prompt", cell, runner);
        return requests.of(requests.chain().step("infer_icl"), cell).orElseThrow();
    }

    private static void run(ChainRequests requests, String name, Result.Item item, TaskRunner runner) {
        Step step = requests.chain().step(name);
        requests.keep(step, item, runner.run(requests.of(step, item).orElseThrow()));
    }

    /** The same request, tracked by the server of {@code ./dualform up} if that runs. */
    private static Request tracked(Request request) {
        Stack stack = new Stack(Home.find(), Console.standard());
        if (!stack.isUp()) return request;
        String uri = stack.addresses().orElseThrow().mlflow().toString();
        return request.tracked(new Request.Tracking(uri, "dualform-bench", "overhead"));
    }

    private static List<String> command(Path request, Path workspace) {
        String jar = System.getenv("DUALFORM_JAR");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-jar",
                Objects.requireNonNull(jar, "the launcher sets DUALFORM_JAR"),
                "infer",
                "--request",
                request.toString(),
                "--result",
                workspace.resolve("infer.result.json").toString()));
        return List.copyOf(command);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
