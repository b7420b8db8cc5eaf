package org.dualform.cli.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform bench}: ratios against named peers, measured in this process. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures speed as ratios against named peers, each pair in this one run.",
            "Model: GPT-2's shape (124 M parameters), random weights; one thread; CPU seconds.",
            ""
        },
        footer = {"", "Example:", "  dualform bench sweep finetune"})
public final class BenchCommand implements Callable<Integer> {
    private static final List<Benchmark> ALL = List.of(new Prefix(), new Sweep(), new FineTuning());

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Which to run: prefix, sweep, finetune. Default: all.")
    private @Nullable List<String> names;

    @Override
    public Integer call() {
        List<Benchmark> chosen =
                names == null ? ALL : names.stream().map(BenchCommand::named).toList();
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        PrintWriter out = command.commandLine().getOut();
        try (RandomGpt2 model = new RandomGpt2()) {
            for (Benchmark benchmark : chosen) {
                out.println(benchmark.name() + ": " + benchmark.description());
                out.flush();
                for (Benchmark.Ratio ratio : benchmark.run(model)) {
                    out.printf("  %-40s %6.2f   (%s)%s%n", ratio.what(), ratio.value(), ratio.seconds(), bound(ratio));
                }
                out.flush();
            }
        }
        return ExitCode.DONE.code();
    }

    private static String bound(Benchmark.Ratio ratio) {
        if (ratio.bound().isEmpty()) return "";
        return "   " + ratio.bound() + ": " + (ratio.kept() ? "kept" : "NOT KEPT");
    }

    private static Benchmark named(String name) {
        return ALL.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseThrow(() -> UserException.usage("There is no benchmark " + name + "; there are "
                        + String.join(", ", ALL.stream().map(Benchmark::name).toList()) + "."));
    }
}
