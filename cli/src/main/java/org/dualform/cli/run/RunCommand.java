package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.spec.Experiment;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
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
        footer = {
            "",
            "Examples:",
            "  dualform run --datasets topics --shots 0,1,4,8 --seeds 1,2 --out my/topics",
            "  dualform run --spec studies/*.yaml --out my/studies"
        },
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
            arity = "1..*",
            order = 2,
            description = {
                "The whole experiment as YAML or JSON. Options on the command line override it.",
                "Of several files each is an experiment of its own, measured into a folder of OUT that is named like the"
                        + " file."
            })
    private List<Path> specs = List.of();

    @Option(names = "--print-spec", order = 3, description = "Print the whole experiment as YAML and measure nothing.")
    private boolean printSpec;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() throws IOException {
        GivenStudies studies = studies();
        if (printSpec) {
            PrintWriter out = command.commandLine().getOut();
            for (ObjectNode given : studies.byFolder().values())
                out.print(Experiment.draft(given).checked().toYaml());
            out.flush();
            return ExitCode.DONE.code();
        }
        studies.checkFolders();
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        try {
            return measured(studies, cancellation).code();
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

    private ExitCode measured(GivenStudies studies, Cancellation cancellation) throws IOException {
        if (studies.byFolder().size() == 1) {
            Map.Entry<Path, ObjectNode> only =
                    studies.byFolder().entrySet().iterator().next();
            ObjectNode document = json.document();
            ExitCode ended =
                    new StudyRun(new OutFolder(only.getKey()), json, cancellation).measure(only.getValue(), document);
            json.print(document);
            return ended;
        }
        return new StudySeries(studies, json, cancellation).measure();
    }

    private GivenStudies studies() {
        ObjectNode options = SpecOptions.given(command.commandLine().getParseResult());
        return specs.isEmpty()
                ? GivenStudies.single(out, SpecOptions.withDefaults(options, "model", "datasets"))
                : GivenStudies.ofFiles(out, specs, options);
    }
}
