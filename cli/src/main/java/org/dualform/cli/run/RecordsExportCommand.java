package org.dualform.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;
import org.dualform.task.Chain;
import org.dualform.task.Kinds;
import org.dualform.task.cell.RecordsExport;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform records export}: writes a study's records in the format of another program. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a study's records as the JSON lines that the paper's own analysis scripts read.",
            "",
            "  OUT/CELL/en_dense_lm_MODEL/TASK/zs|icl|ftzs|ft/record_info.jsonl",
            "  OUT/CELL/rlt_json",
            "",
            "A cell is a model, a data set, a seed, an order and an arm; its folder is a BASE of those scripts. Results"
                    + " that the study's workspace still holds are reused; the others are computed again.",
            "The second of those scripts needs at least 100 tokens and 5 demonstrations.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  dualform run --datasets topics --shots 0,8 --limit 20 --record --out my/topics",
            "  dualform records export my/topics --format lmops --out my/lmops"
        })
final class RecordsExportCommand implements Callable<Integer> {
    /** A format to write. */
    enum Format {
        LMOPS
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(paramLabel = "STUDY", description = "Folder with the study's results.json: what run calls --out.")
    @SuppressWarnings("NullAway.Init") // required
    private Path study;

    @Option(names = "--format", required = true, paramLabel = "NAME", description = "The form: lmops.")
    @SuppressWarnings("NullAway.Init") // required
    private Format format;

    @Option(names = "--out", required = true, paramLabel = "OUT", description = "Folder to write to.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(names = "--workspace", paramLabel = "DIR", description = "The study's workspace. Default: STUDY/workspace.")
    private @Nullable Path workspace;

    @Override
    public Integer call() throws IOException {
        Experiment experiment = Experiment.fromJson(spec());
        if (!experiment.recording().record()) {
            throw UserException.data("The study in " + study + " recorded nothing. Measure it again with --record.");
        }
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        try {
            return export(experiment, cancellation);
        } catch (CancelledException e) {
            command.commandLine()
                    .getErr()
                    .println("Stopped. Whole cells are in " + out + "; run the same command again for the others.");
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
    }

    private int export(Experiment experiment, Cancellation cancellation) throws IOException {
        Path folder = workspace == null ? study.resolve("workspace") : workspace;
        Console console = Console.standard();
        ConsoleEvents terminal = new ConsoleEvents(console);
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(Kinds.all(System.getenv(), 1), models, terminal, cancellation);
            Chain.Ended ended = new Chain(runner, folder, false, terminal).run(experiment.toJson());
            ProgressMeter progress = new ProgressMeter(terminal, cancellation, System::nanoTime);
            RecordsExport.Exported exported = switch (format) {
                case LMOPS -> new RecordsExport(folder, out).write(ended.scored(), progress);
            };
            console.clear();
            PrintWriter stdout = command.commandLine().getOut();
            for (String left : exported.left()) stdout.println("Left out: " + left + ".");
            exported.folders().forEach(stdout::println);
            stdout.flush();
            return ExitCode.DONE.code();
        }
    }

    private ObjectNode spec() throws IOException {
        Path results = study.resolve("results.json");
        if (!Files.isRegularFile(results)) {
            throw UserException.data("There is no " + results + "; STUDY has to be a folder that run wrote (--out).");
        }
        try {
            JsonNode spec = Json.mapper().readTree(Files.readAllBytes(results)).path("spec");
            if (spec instanceof ObjectNode whole) return whole.put("fresh", false);
        } catch (JsonProcessingException e) {
            throw UserException.data(results + " is no JSON: " + e.getOriginalMessage() + ".", e);
        }
        throw UserException.data(results + " names no spec; it is not what run writes.");
    }
}
