package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.cli.terminal.TerminalWidth;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.report.Report;
import org.dualform.score.result.Results;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.task.Chain;
import org.dualform.task.Kinds;
import org.dualform.task.file.StudyFile;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform run}: measures a study in this process, without Airflow and without a server. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures an experiment in this process: no Airflow, no server.",
            "Writes OUT/results.json and prints the table. If stopped, the same command continues where it stopped.",
            ""
        },
        footer = {"", "Example:", "  dualform run --datasets topics --shots 0,1,4,8 --seeds 1,2 --out my/topics"},
        modelTransformer = SpecOptions.class)
public final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 1,
            description = "Folder of results.json and of everything computed on the way. Default: results.")
    private Path out = Path.of("results");

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            order = 2,
            description = "The whole experiment as YAML or JSON. Options on the command line override it.")
    private @Nullable Path spec;

    @Option(names = "--print-spec", order = 3, description = "Print the whole experiment as YAML and measure nothing.")
    private boolean printSpec;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() throws IOException {
        ObjectNode given = given();
        Draft draft = Experiment.draft(given);
        if (printSpec) {
            command.commandLine().getOut().print(draft.checked().toYaml());
            command.commandLine().getOut().flush();
            return ExitCode.DONE.code();
        }
        new OutFolder(out).check();
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        NewFolders folders = NewFolders.before(out.resolve("workspace"));
        try {
            // A wrong experiment is passed on as it is, because plan reports its mistakes together with those in the
            // models and data sets that it names.
            return run(
                    draft.isRight() ? draft.experiment().toJson() : given,
                    draft.experiment().machine().fresh(),
                    cancellation);
        } catch (DualformException e) {
            folders.removeWithoutResult();
            throw e;
        } catch (CancelledException e) {
            command.commandLine()
                    .getErr()
                    .println("Stopped. What is finished is kept in " + out
                            + ": run the same command again and it goes on from there.");
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
    }

    private int run(ObjectNode experiment, boolean fresh, Cancellation cancellation) throws IOException {
        Console console = Console.standard();
        ConsoleEvents terminal = new ConsoleEvents(console);
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(Kinds.all(System.getenv(), 1), models, terminal, cancellation);
            Chain.Ended ended = new Chain(runner, new OutFolder(out).workspace(), fresh, terminal)
                    .tellingTimes()
                    .run(experiment);
            console.clear();
            return finish(ended);
        }
    }

    private int finish(Chain.Ended ended) throws IOException {
        OutFolder folder = new OutFolder(out);
        for (StudyFile file : StudyFile.values()) {
            Path made = ended.outputs().get(file.output());
            if (made != null) folder.export(made, file);
        }
        PrintWriter stdout = json.people();
        Results results = Json.mapper().readValue(Files.readAllBytes(ended.results()), Results.class);
        stdout.print(new Report(results).text(TerminalWidth.ofOutput()));
        stdout.println("Results: " + folder.file(StudyFile.RESULTS));
        stdout.println("Report:  " + folder.file(StudyFile.REPORT));
        DualformException failure = ended.failure();
        ObjectNode document = json.document()
                .put("results", folder.file(StudyFile.RESULTS).toString())
                .put("report", folder.file(StudyFile.REPORT).toString());
        document.set("answers", Json.mapper().valueToTree(results.answers()));
        if (failure != null) document.put("failure", failure.getMessage());
        json.print(document);
        return failure == null ? ExitCode.DONE.code() : failure.exitCode().code();
    }

    private ObjectNode given() {
        ObjectNode options = SpecOptions.given(command.commandLine().getParseResult());
        if (spec != null) return Experiment.readFile(spec).setAll(options);
        return SpecOptions.withDefaults(options, "model", "datasets");
    }
}
