package org.dualform.dev.bench.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.base.FileTree;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Result;
import org.dualform.contract.chain.ChainFile;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Step;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.task.ChainRequests;
import org.dualform.task.Kinds;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.select.SelectKind;
import org.dualform.task.stop.Cancellation;

/** Counts the evaluations of a selection as a race, and compares them with those of every candidate on every row. */
public final class SelectionBenchmark implements Benchmark {
    private static final String DATASETS = "topics,sentiment,arbitrary,flipped,unlearnable";
    private static final int SEEDS = 5;
    private static final int ROWS = 200;
    private static final double BOUND = 0.25;

    @Override
    public String name() {
        return "selection";
    }

    @Override
    public String description() {
        return "rows answered while learning rate and shot count are chosen (8 rates, shots 0,1,2,4,8, " + ROWS
                + " rows, the built-in model): as a race, divided by every candidate on every row. The spread is over "
                + SEEDS + " seeds; a count, so one round is enough";
    }

    /** The counts of one selection. */
    private record Counts(double race, double exhaustive) {
        double ratio() {
            return race / exhaustive;
        }
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        try {
            Path workspace = Files.createTempDirectory("dualform-bench");
            try (Models models = Models.shared()) {
                return ratios(measure(workspace, models));
            } finally {
                FileTree.delete(workspace);
            }
        } catch (IOException e) {
            throw new PermanentException("A selection cannot be read: " + e, e);
        }
    }

    private static List<Ratio> ratios(Map<String, List<Counts>> measured) {
        List<Ratio> ratios = new ArrayList<>();
        measured.forEach((dataset, counts) -> ratios.add(Ratio.told(dataset, spread(counts), sides(counts))));
        List<Counts> all = measured.values().stream().flatMap(List::stream).toList();
        ratios.add(Ratio.atMost(
                BOUND,
                "all of them together",
                Spread.once(
                        race(all) / all.stream().mapToDouble(Counts::exhaustive).sum()),
                sides(all)));
        return ratios;
    }

    private static Spread spread(List<Counts> counts) {
        return Spread.of(counts.stream().mapToDouble(Counts::ratio).toArray());
    }

    private static double race(List<Counts> counts) {
        return counts.stream().mapToDouble(Counts::race).sum();
    }

    private static String sides(List<Counts> counts) {
        return (long) race(counts) + " / "
                + (long) counts.stream().mapToDouble(Counts::exhaustive).sum() + " rows";
    }

    private static Map<String, List<Counts>> measure(Path workspace, Models models) throws IOException {
        TaskRunner runner =
                new TaskRunner(Kinds.all(System.getenv(), 1), models, TaskEvents.none(), new Cancellation());
        Map<String, List<Counts>> measured = new LinkedHashMap<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            ObjectNode parameters = Json.mapper().createObjectNode();
            parameters
                    .putObject("experiment")
                    .put("model", "mini")
                    .put("datasets", DATASETS)
                    .put("seeds", Integer.toString(seed))
                    .put("limit", ROWS);
            ChainRequests requests = new ChainRequests(ChainFile.read(), workspace, true);
            run(requests, "plan", requests.study(parameters), runner);
            for (Result.Item item : requests.items(Scope.SELECT)) {
                Result result = run(requests, "select", item, runner);
                measured.computeIfAbsent(item.name(), name -> new ArrayList<>()).add(counts(result, workspace));
            }
        }
        return measured;
    }

    private static Result run(ChainRequests requests, String name, Result.Item item, TaskRunner runner) {
        Step step = requests.chain().step(name);
        Result result = runner.run(requests.of(step, item).orElseThrow());
        requests.keep(step, item, result);
        return result;
    }

    private static Counts counts(Result result, Path workspace) throws IOException {
        Path file = workspace.resolve(
                Objects.requireNonNull(result.outputs().get("selection")).path());
        JsonNode selection = Json.mapper().readTree(Files.readAllBytes(file));
        int rows = selection.path("n").asInt();
        // Without training, and every rate and point that did not diverge.
        int candidates = 1
                + defined(selection.path("grid"))
                + defined(selection.path("curve").path("points"));
        double race = Objects.requireNonNull(result.metrics().get(SelectKind.EVALUATIONS));
        return new Counts(race, (double) candidates * rows);
    }

    private static int defined(JsonNode points) {
        int defined = 0;
        for (JsonNode point : points) if (point.path("rows").asInt() > 0) defined++;
        return defined;
    }
}
