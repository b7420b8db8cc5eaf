package org.dualform.dev.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.dev.bench.benchmark.FineTuningBenchmark;
import org.dualform.dev.bench.benchmark.GpuBenchmark;
import org.dualform.dev.bench.benchmark.GrowthBenchmark;
import org.dualform.dev.bench.benchmark.MemoryBenchmark;
import org.dualform.dev.bench.benchmark.ModelBenchmark;
import org.dualform.dev.bench.benchmark.OpeningBenchmark;
import org.dualform.dev.bench.benchmark.OverheadBenchmark;
import org.dualform.dev.bench.benchmark.PrefillBenchmark;
import org.dualform.dev.bench.benchmark.PrefixBenchmark;
import org.dualform.dev.bench.benchmark.RecordingBenchmark;
import org.dualform.dev.bench.benchmark.ScoringBenchmark;
import org.dualform.dev.bench.benchmark.SelectionBenchmark;
import org.dualform.dev.bench.benchmark.SweepBenchmark;
import org.dualform.dev.bench.benchmark.TrainingBenchmark;
import org.dualform.dev.bench.grouping.GroupingsBenchmark;
import org.dualform.dev.bench.grouping.MeasuredDags;
import org.dualform.dev.bench.grouping.SweepSize;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Peers;
import org.dualform.dev.bench.measure.Ratio;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform bench}: measures speed and memory as ratios against named peers. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures speed and memory as ratios against named peers, each pair in this one run.",
            "Models: GPT-2's shape (124 M parameters) and a llama of 1.3 G (5.1 GB), random weights; one thread;"
                    + " CPU seconds unless a line says otherwise. A number in brackets: smallest and largest round.",
            "With --model: that model alone, on all cores, in wall seconds.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  dualform bench sweep finetune",
            "  dualform bench --peers --markdown docs/benchmarks.md",
            "  dualform bench --model ../gemma-3-270m --peers"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final List<Benchmark> ALL = List.of(
            new PrefixBenchmark(),
            new SweepBenchmark(),
            new FineTuningBenchmark(),
            new GrowthBenchmark(),
            new RecordingBenchmark(),
            new ScoringBenchmark(),
            new OverheadBenchmark(),
            new MemoryBenchmark(),
            new OpeningBenchmark(),
            new PrefillBenchmark(),
            new SelectionBenchmark(),
            new TrainingBenchmark());

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description =
                    "Which to run: prefix, sweep, finetune, growth, record, score, overhead, memory, open, prefill,"
                            + " selection, pretrain. Default: all. Only by their names: gpu, groupings.")
    private @Nullable List<String> names;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measurements of each side, after one that does not count. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--cells",
            paramLabel = "N",
            description = "Cells of the sweep that groupings measures. Default: ${DEFAULT-VALUE}.")
    private int cells = 200;

    @Option(
            names = "--groupings",
            split = ",",
            paramLabel = "GROUPING",
            description = "Which of them it measures: cell, study, task. Default: all.")
    private List<String> groupings = MeasuredDags.GROUPINGS;

    @Option(
            names = "--conf",
            paramLabel = "NAME=VALUE",
            description = "Further fields of that sweep's form, such as limit=20 or learning_rate=0.01.")
    private Map<String, String> conf = new TreeMap<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "A model's folder to measure instead of the made ones, on all cores. With groupings: the model"
                            + " of that sweep; default: mini.")
    private @Nullable String model;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "Data set of that sweep. Default: ${DEFAULT-VALUE}.")
    private String dataset = "topics";

    @Option(
            names = "--peers",
            description = "Also measure transformers, lm-evaluation-harness and torch, in a Python environment that is"
                    + " made from a lock (6 GB on the disk).")
    private boolean peers;

    @Option(
            names = "--peers-python",
            paramLabel = "FILE",
            description = "A Python that has the peers already, as with torch for CUDA; none is installed then.")
    private @Nullable Path peersPython;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the numbers as JSON.")
    private @Nullable Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write them as a page.")
    private @Nullable Path markdown;

    @Override
    public Integer call() {
        if (rounds < 1) throw UserException.usage("--rounds must be 1 or more (value: " + rounds + ").");
        if (cells < 1 || cells > 1000)
            throw UserException.usage("--cells must be from 1 to 1000 (value: " + cells + ").");
        List<String> unknown = groupings.stream()
                .filter(each -> !MeasuredDags.GROUPINGS.contains(each))
                .toList();
        if (!unknown.isEmpty())
            throw UserException.usage("--groupings takes " + String.join(", ", MeasuredDags.GROUPINGS) + " (value: "
                    + String.join(",", unknown) + ").");
        List<Benchmark> chosen = chosen();
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads()));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        Home home = Home.find();
        Console console = Console.standard();
        Map<Benchmark, List<Ratio>> measured = new LinkedHashMap<>();
        PrintWriter out = command.commandLine().getOut();
        try (BenchRun bench =
                new BenchRun(home.state().resolve("bench"), rounds, peers(home, console), console::progress)) {
            for (Benchmark benchmark : chosen) {
                console.progress("measuring " + benchmark.name());
                List<Ratio> ratios = run(benchmark, bench);
                console.clear();
                measured.put(benchmark, ratios);
                print(benchmark, ratios, out);
            }
        }
        BenchReport report = new BenchReport(measured, rounds, line(), measuresFolder());
        if (json != null) report.writeJson(json);
        if (markdown != null) report.writeMarkdown(markdown);
        return ExitCode.DONE.code();
    }

    private boolean measuresFolder() {
        return model != null && names == null;
    }

    /** Models of any size are measured as they are used, on all cores; the made ones as one core's work. */
    private int threads() {
        return measuresFolder() ? Runtime.getRuntime().availableProcessors() : 1;
    }

    private List<Benchmark> chosen() {
        if (names == null) return model == null ? ALL : List.of(new ModelBenchmark(folder(model), threads()));
        if (model != null && !names.contains("groupings"))
            throw UserException.usage("--model goes with no NAME, or with groupings (value: " + String.join(" ", names)
                    + "): the others measure made models. Leave the names out to measure " + model + ".");
        return names.stream().map(this::named).toList();
    }

    private static Path folder(String value) {
        Path folder = Path.of(value);
        if (!Files.isDirectory(folder))
            throw UserException.usage("--model has to be a folder in Hugging Face layout here (value: " + value
                    + "): transformers reads it too.");
        return folder;
    }

    /** Runs one. If the engine computes in this process, Ctrl-C ends it at once; else there are servers to stop first. */
    private static List<Ratio> run(Benchmark benchmark, BenchRun bench) {
        if (!benchmark.computesHere()) return benchmark.run(bench);
        Thread atOnce = endAtOnceWhenStopped();
        List<Ratio> ratios = benchmark.run(bench);
        Runtime.getRuntime().removeShutdownHook(atOnce);
        return ratios;
    }

    /**
     * Makes a hook that ends the process at once on Ctrl-C. The engine's thread is in native code then, and the JVM
     * would crash if the engine's libraries were unloaded first.
     */
    private static Thread endAtOnceWhenStopped() {
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code()));
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private @Nullable Peers peers(Home home, Console console) {
        if (peersPython != null) return new Peers(peersPython, rounds);
        if (!peers) return null;
        PythonEnvironment environment = PythonEnvironment.peers(home);
        environment.ensure(Python.find(home), console);
        return new Peers(environment.program("python"), rounds);
    }

    /** The command line that repeats this measurement. */
    private String line() {
        List<String> words = new ArrayList<>(List.of("./dualform bench"));
        if (names != null) words.addAll(names);
        if (measuresFolder()) words.add("--model " + model);
        if (peers) words.add("--peers");
        if (peersPython != null) words.add("--peers-python " + peersPython);
        if (names != null && names.contains("groupings"))
            words.add("--cells " + cells + " --groupings " + String.join(",", groupings) + " --model " + sweptModel()
                    + " --dataset " + dataset
                    + conf.entrySet().stream().map(each -> " --conf " + each).collect(Collectors.joining()));
        words.add("--rounds " + rounds);
        return String.join(" ", words);
    }

    private static void print(Benchmark benchmark, List<Ratio> ratios, PrintWriter out) {
        out.println(benchmark.name() + ": " + benchmark.description());
        for (Ratio ratio : ratios) {
            out.printf("  %-64s %s   (%s)%s%n", ratio.what(), ratio.value().text(), ratio.sides(), bound(ratio));
        }
        out.flush();
    }

    private static String bound(Ratio ratio) {
        if (ratio.bound().isEmpty()) return "";
        return "   " + ratio.bound() + ": " + (ratio.kept() ? "kept" : "NOT KEPT");
    }

    private String sweptModel() {
        return model == null ? "mini" : model;
    }

    /** The benchmarks that run only if they are named: one needs a graphics processor, the other takes an hour. */
    private List<Benchmark> byNameOnly() {
        return List.of(
                new GpuBenchmark(),
                new GroupingsBenchmark(new SweepSize(cells, sweptModel(), dataset, groupings, conf)));
    }

    private Benchmark named(String name) {
        List<Benchmark> known =
                Stream.concat(ALL.stream(), byNameOnly().stream()).toList();
        return known.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseThrow(() -> UserException.usage("There is no benchmark " + name + "; there are "
                        + String.join(", ", known.stream().map(Benchmark::name).toList()) + "."));
    }
}
