package org.dualform.cli.model;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.hub.Fetched;
import org.dualform.hub.Hub;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform fetch}: downloads a model or a data set from the hub into the cache, and prints its folder. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fetches a model or a data set from the hub, only the files needed, and prints its folder.",
            "'run' and every plan fetch what they need by themselves; this is for machines that will work offline.",
            "The cache is that of Python's huggingface_hub, and HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and"
                    + " HF_HUB_OFFLINE mean the same as there. A fetch that was stopped continues where it stopped.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  dualform fetch EleutherAI/pythia-70m",
            "  dualform fetch --dataset nyu-mll/glue:sst2"
        })
public final class FetchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            description = "org/name; append @revision for one other than main. A data set's configuration comes before"
                    + " it: org/name:config@revision.")
    @SuppressWarnings("NullAway.Init") // required
    private String name;

    @Option(names = "--dataset", description = "NAME is a data set, not a model.")
    private boolean dataset;

    @Option(
            names = "--split",
            paramLabel = "LIST",
            split = ",",
            description = "Splits of a data set, comma-separated. Default: train,validation,test.")
    private List<String> splits = List.of("train", "validation", "test");

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        RepoKind kind = dataset ? RepoKind.DATASET : RepoKind.MODEL;
        HubName wanted = HubName.parse(kind, name)
                .orElseThrow(() -> UserException.usage("NAME has to be " + HubName.form(kind) + " (value: " + name + ")"
                        + (kind == RepoKind.MODEL ? "; for a data set add --dataset." : ".")));
        Console console = Console.standard();
        ConsoleEvents terminal = new ConsoleEvents(console);
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        try (Hub hub = Hub.fromEnvironment(System.getenv())) {
            ProgressMeter progress = new ProgressMeter(terminal, cancellation, System::nanoTime);
            Fetched fetched = dataset
                    ? hub.dataset(wanted, splits(), home(System.getenv()), progress, terminal::info)
                    : hub.model(wanted, progress, terminal::info);
            console.clear();
            console.say(fetched.origin());
            if (!json.isAsked()) json.people().println(fetched.folder());
            json.print(
                    json.document().put("folder", fetched.folder().toString()).put("origin", fetched.origin()));
            return ExitCode.DONE.code();
        } catch (CancelledException e) {
            console.clear();
            console.say("Stopped. What has arrived is kept: run the same command again to continue.");
            return ExitCode.INTERRUPTED.code();
        } finally {
            stop.finish();
        }
    }

    private Set<String> splits() {
        return new LinkedHashSet<>(splits);
    }

    /** The folder of the cache. Plans look for data sets there too. */
    private static Path home(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("DUALFORM_HOME", ".dualform"))
                .resolve("datasets")
                .toAbsolutePath();
    }
}
