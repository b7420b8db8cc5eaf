package org.dualform.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform pretrain}: trains a model from a recipe. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Pretrains a small decoder on the generated corpus or on texts of your own, as a recipe says.",
            "The same recipe gives the same model. If stopped, it continues from its last checkpoint.",
            ""
        },
        footer = {"", "Example:", "  dualform pretrain --recipe models/mini/recipe.yaml --out mini"})
public final class PretrainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(names = "--recipe", required = true, paramLabel = "FILE", description = "The recipe, a YAML file.")
    @SuppressWarnings("NullAway.Init") // required
    private Path recipeFile;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the model (in Hugging Face layout), its learning curve and its checkpoint.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = command.commandLine().getErr();
        Recipe recipe = Recipe.read(recipeFile);
        say(
                terminal,
                "%s: %d steps, %.1f M tokens",
                recipe.name(),
                recipe.steps(),
                recipe.tokensBefore(recipe.steps()) / 1e6);
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        try (Pretrainer trainer = new Pretrainer(recipe, out, new Lines(terminal))) {
            trainer.run((what, done, total) -> cancellation.check());
        } catch (CancelledException e) {
            say(terminal, "Stopped. The steps done are kept in %s: run the same command again to go on.", out);
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
        command.commandLine().getOut().println("Model: " + out);
        return ExitCode.DONE.code();
    }

    private static void say(PrintWriter terminal, String format, Object... values) {
        terminal.println(String.format(Locale.ROOT, format, values));
        terminal.flush();
    }

    /** Prints a line for each measurement. */
    private record Lines(PrintWriter terminal) implements TrainingListener {
        @Override
        public void progress(Progress p) {
            String auxiliary =
                    Double.isNaN(p.auxiliary()) ? "" : String.format(Locale.ROOT, ", auxiliary %.3f", p.auxiliary());
            say(
                    terminal,
                    "step %d of %d (%d %%), loss %.3f%s, %.0f tokens/s (%.0f %% of matrix peak), %d min %02d s left",
                    p.step(),
                    p.steps(),
                    100L * p.step() / p.steps(),
                    p.loss(),
                    auxiliary,
                    p.tokensPerSecond(),
                    100 * p.peakShare(),
                    (long) p.secondsLeft() / 60,
                    (long) p.secondsLeft() % 60);
        }

        @Override
        public void evaluated(int step, Map<String, Map<Integer, Double>> accuracy) {
            say(terminal, "accuracy after %d steps, by shots:", step);
            accuracy.forEach((condition, curve) -> say(
                    terminal,
                    "  %-40s %s",
                    condition,
                    curve.entrySet().stream()
                            .map(e -> String.format(Locale.ROOT, "%d: %.2f", e.getKey(), e.getValue()))
                            .collect(Collectors.joining("  "))));
        }

        @Override
        public void heldOut(int step, double loss) {
            say(terminal, "held-out loss after %d steps: %.4f (perplexity %.2f)", step, loss, Math.exp(loss));
        }

        @Override
        public void resumed(int step) {
            say(terminal, "goes on after step %d", step);
        }
    }
}
