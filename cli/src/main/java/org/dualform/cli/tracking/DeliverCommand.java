package org.dualform.cli.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Delivery;
import org.dualform.mlflow.spool.Spool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualform deliver}: sends MLflow the data that tasks could not send while the server was unreachable. */
@Command(
        name = "deliver",
        mixinStandardHelpOptions = true,
        description = {
            "Sends MLflow what waits in a workspace's spool because the server was unreachable.",
            "Everything is sent once and in order. It is safe at any time, also while tasks run.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing waits any more",
            "65:the server refused something for good; it was set aside",
            "75:something still waits"
        })
public final class DeliverCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @ArgGroup
    private Place place = new Place();

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private MlflowOption mlflow = new MlflowOption();

    /** The option that says where the spool is. */
    static final class Place {
        @Option(
                names = "--workspace",
                paramLabel = "DIR",
                description = "Workspace whose spool is delivered. Default: the one of './dualform up'.")
        private @Nullable Path workspace;

        @Option(names = "--spool", paramLabel = "DIR", description = "The spool folder itself.")
        private @Nullable Path spool;

        Path folder() {
            if (spool != null) return spool;
            return (workspace == null ? Home.find().workspace() : workspace).resolve("spool");
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = json.people();
        Path folder = place.folder();
        if (!Files.isDirectory(folder)) {
            if (place.spool != null) throw UserException.usage("There is no spool folder " + folder + ".");
            out.println("Nothing waits: " + folder + " does not exist.");
            return nothing(folder);
        }
        Spool spool = new Spool(folder);
        if (spool.isEmpty()) {
            out.println("Nothing waits in " + folder + ".");
            return nothing(folder);
        }
        MlflowServer server = mlflow.server();
        try (Mlflow connection = Mlflow.connect(server)) {
            mlflow.check(connection);
            Delivery delivery = new Deliverer(connection, spool, true).deliver();
            json.print(
                    document(folder, delivery.delivered(), delivery.waiting(), delivery.problems(), delivery.aside()));
            return tell(delivery, server, out);
        } finally {
            out.flush();
        }
    }

    private int nothing(Path folder) {
        json.print(document(folder, 0, 0, List.of(), List.of()));
        return ExitCode.DONE.code();
    }

    private ObjectNode document(Path folder, long delivered, long waiting, List<String> problems, List<String> aside) {
        ObjectNode document = json.document().put("spool", folder.toString());
        document.put("delivered", delivered).put("waiting", waiting);
        problems.forEach(document.putArray("problems")::add);
        aside.forEach(document.putArray("aside")::add);
        return document;
    }

    private static int tell(Delivery delivery, MlflowServer server, PrintWriter out) {
        out.printf("Delivered to %s: %d. Waiting: %d.%n", server.base(), delivery.delivered(), delivery.waiting());
        delivery.problems().stream().limit(SHOWN).forEach(problem -> out.println("  " + problem));
        if (!delivery.aside().isEmpty()) {
            out.println("Set aside, with the reason in reason.txt:");
            delivery.aside().stream().limit(SHOWN).forEach(path -> out.println("  " + path));
            if (delivery.aside().size() > SHOWN)
                out.println("  and " + (delivery.aside().size() - SHOWN) + " more");
            return ExitCode.DATA.code();
        }
        return delivery.waiting() == 0 ? ExitCode.DONE.code() : ExitCode.TRY_AGAIN.code();
    }
}
