package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.base.Counted;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.Check;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.run.SpecOptions;
import org.dualform.cli.stack.ServerEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.preflight.Preflight;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.task.run.Provenance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform preflight}: checks whether a study can run in an Airflow. */
@Command(
        name = "preflight",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Checks whether a study can be measured in an Airflow, before one is started.",
            "It looks at versions, permissions, connections, pools, clocks, image, disk, and the experiment itself, says"
                    + " what to do about each lack, and changes nothing. ('./dualform doctor' looks at this machine and its"
                    + " own servers.)",
            ""
        },
        footer = {"", "Example:", "  dualform preflight icl_shot_sweep --model mini --datasets topics --on-worker"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to do", "64:a wrong option", "78:something needs to be done"},
        modelTransformer = SpecOptions.class)
public final class PreflightCommand implements Callable<Integer> {
    private static final String PLAN_DAG = "icl_plan";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(paramLabel = "DAG", arity = "0..1", description = "The DAG that is to run. Default: ${DEFAULT-VALUE}.")
    private String dag = "icl_shot_sweep";

    @Option(
            names = "--connection",
            paramLabel = "ID",
            order = 1,
            description = "The connection to MLflow that the DAG is given (mlflow_conn_id) has to be there.")
    private @Nullable String connection;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            order = 2,
            description = "Docker on this machine has to have this image of tasks, in this version. Default:"
                    + " DUALFORM_IMAGE, if DUALFORM_EXECUTION is docker.")
    private @Nullable String image;

    @Option(
            names = "--on-worker",
            order = 3,
            description =
                    "Also have a worker plan the experiment: it looks up Java, jar, workspace, model and data sets"
                            + " where tasks run. Nothing is measured.")
    private boolean onWorker;

    @Option(
            names = "--plan-dag",
            paramLabel = "DAG",
            order = 4,
            description = "The DAG that --on-worker runs, made by icl_plan. It says something about the study's workers"
                    + " only if its tasks run as the study's do (process, container, pod). Default: icl_plan.")
    private @Nullable String planDag;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Override
    public Integer call() throws InterruptedException {
        if (planDag != null && !onWorker) throw UserException.usage("--plan-dag needs --on-worker.");
        Console console = Console.standard();
        Preflight.Wish wish = new Preflight.Wish(
                dag,
                SpecOptions.given(command.commandLine().getParseResult()),
                Optional.ofNullable(connection),
                image(),
                airflow.isLocal() ? taskEnvironment() : Map.of(),
                onWorker ? Optional.of(planDag != null ? planDag : PLAN_DAG) : Optional.empty());
        PrintWriter people = json.people();
        ObjectNode document = json.document().put("dag", dag);
        int lacks = Check.print(new Preflight(airflow.connect(), console).all(wish), people, document);
        people.println(lacks == 0 ? "Ready." : Counted.of(lacks, "thing") + " to do.");
        json.print(document);
        return (lacks == 0 ? ExitCode.DONE : ExitCode.CONFIG).code();
    }

    private Optional<String> image() {
        if (image != null) return Optional.of(image);
        Map<String, String> environment = System.getenv();
        if (!environment.getOrDefault("DUALFORM_EXECUTION", "").equals("docker")) return Optional.empty();
        String standard =
                "dualform-task:" + Provenance.versions().path("dualform").asText();
        return Optional.of(environment.getOrDefault("DUALFORM_IMAGE", standard));
    }

    private static Map<String, String> taskEnvironment() {
        Home home = Home.find();
        Map<String, String> environment = new HashMap<>(ServerEnvironment.of(home));
        environment.putIfAbsent(
                "DUALFORM_JAR",
                home.root().resolve("tasks/target/dualform-task.jar").toString());
        return environment;
    }
}
