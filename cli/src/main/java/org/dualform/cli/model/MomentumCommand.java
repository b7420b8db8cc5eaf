package org.dualform.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.momentum.Measurement;
import org.dualform.momentum.MomentumStudy;
import org.dualform.momentum.StudyReport;
import org.dualform.momentum.StudyRunner;
import org.dualform.momentum.StudySize;
import org.dualform.pretrain.TrainingListener;
import org.dualform.regression.RegressionReport;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform momentum}: momentum attention beside plain attention. */
@Command(
        name = "momentum",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains models with momentum attention and without it, from scratch, with equal seeds, data, steps and"
                    + " parameters, and compares them: perplexity at three context lengths, and accuracy of in-context"
                    + " learning over shots. If stopped, the same command goes on.",
            ""
        },
        footer = {"", "Example:", "  dualform momentum --size tiny --out momentum-tiny"})
public final class MomentumCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--size",
            defaultValue = "tiny",
            paramLabel = "SIZE",
            description =
                    "tiny (minutes), small (an hour), or paper-350m, whose recipes can be written. Default: tiny.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String size;

    @Option(
            names = "--variants",
            split = ",",
            defaultValue = "sum",
            paramLabel = "LIST",
            description = "Of sum (the paper's), mean (normalised) and residual. Default: sum.")
    @SuppressWarnings("NullAway.Init") // has a default
    private List<String> variants;

    @Option(
            names = "--eta",
            split = ",",
            defaultValue = "0.5,0.9,0.99",
            paramLabel = "LIST",
            description = "The decay of the average, each above 0 and below 1. Default: 0.5,0.9,0.99.")
    @SuppressWarnings("NullAway.Init") // has a default
    private List<Double> decays;

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1,2,3,4,5",
            paramLabel = "LIST",
            description = "From 2 to 10 seeds; each trains every model once. Default: 1,2,3,4,5.")
    @SuppressWarnings("NullAway.Init") // has a default
    private List<Long> seeds;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each training. Default: as many as the size has.")
    private @Nullable Integer steps;

    @Option(names = "--texts", paramLabel = "DIR", description = "Folder of texts to train on, for paper-350m.")
    private @Nullable Path texts;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "Model folder whose tokenizer reads the texts.")
    private @Nullable Path tokenizer;

    @Option(names = "--recipes-only", description = "Write a recipe for each training, and train nothing.")
    private boolean recipesOnly;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for models, learning curves, measurements and report.md.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Override
    public Integer call() throws IOException {
        MomentumStudy study = new MomentumStudy(StudySize.of(size), variants, decays, seeds, texts, tokenizer, steps);
        PrintWriter terminal = command.commandLine().getErr();
        StudyRunner runner = new StudyRunner(study, out, new TrainingListener() {});
        if (recipesOnly) {
            List<Path> written = runner.writeRecipes();
            command.commandLine().getOut().println(written.size() + " recipes in " + out);
            return ExitCode.DONE.code();
        }
        study.size().requireFeasible();
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        try {
            Progress progress = new Lines(terminal, cancellation);
            List<Measurement> measured = runner.run(progress);
            String report =
                    new StudyReport(study, measured).markdown() + "\n" + new RegressionReport(progress).markdown();
            Files.writeString(
                    out.resolve("measurements.json"), Json.pretty(Json.mapper().valueToTree(measured)));
            Files.writeString(out.resolve("report.md"), report);
            command.commandLine().getOut().println(report);
        } catch (CancelledException e) {
            terminal.println("Stopped. What is done is kept in " + out + ": run the same command again to go on.");
            terminal.flush();
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
        command.commandLine().getOut().println("Report: " + out.resolve("report.md"));
        return ExitCode.DONE.code();
    }

    /** Prints a line for each training, and checks at each step whether it has to stop. */
    private record Lines(PrintWriter terminal, Cancellation cancellation) implements Progress {
        @Override
        public void at(String what, long done, long total) {
            cancellation.check();
            if (done == 0 || what.equals("trainings")) {
                terminal.println(String.format(Locale.ROOT, "%s: %d of %d", what, done, total));
                terminal.flush();
            }
        }
    }
}
