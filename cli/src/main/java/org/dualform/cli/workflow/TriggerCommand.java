package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.DagRun;
import org.dualform.base.NearestNames;
import org.dualform.cli.machine.Home;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.run.SpecOptions;
import org.dualform.cli.stack.ServerEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.AllMistakes;
import org.dualform.cli.workflow.control.Conf;
import org.dualform.cli.workflow.control.DagReady;
import org.dualform.cli.workflow.control.PathsFromHere;
import org.dualform.cli.workflow.control.RunId;
import org.dualform.cli.workflow.control.Triggering;
import org.dualform.cli.workflow.outcome.RunDocument;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform trigger}: starts a run from the shell, as the form in Airflow's UI does. */
@Command(
        name = "trigger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Starts a run of a DAG in Airflow: icl_shot_sweep (many cells), icl_paper (a preset), icl_experiment (one)"
                    + " or icl_plan (which only states the size), dual_form_check (the theory in a model's layers),"
                    + " or momentum_attention (models trained with momentum).",
            "What is not given has the default of the DAG's form. Needs ./dualform up, or --airflow.",
            ""
        },
        footer = {"", "Example:", "  dualform trigger icl_shot_sweep --datasets topics --shots 0,2,8 --watch"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:triggered; with --watch: the run succeeded",
            "64:a wrong option; every mistake is named, and nothing was triggered",
            "65:a wrong model, data set or file; likewise",
            "71:with --watch: the run failed",
            "75:Airflow cannot be reached",
            "130:Ctrl-C while watching; the run goes on"
        },
        modelTransformer = SpecOptions.class)
public final class TriggerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(paramLabel = "DAG", description = "Name of the DAG.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String dag;

    @Option(
            names = {"-w", "--watch"},
            order = 1,
            description = "Show progress until the run has ended, then the table. Ctrl-C leaves the run going.")
    private boolean watch;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            order = 2,
            description = "Name of the run. Default: by date and time.")
    private @Nullable String runId;

    @Option(names = "--note", paramLabel = "TEXT", order = 3, description = "A note, shown beside the run in Airflow.")
    private @Nullable String note;

    @Option(names = "--unpause", order = 4, description = "Let the DAG run if somebody paused it.")
    private boolean unpause;

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private AirflowOption airflow = new AirflowOption();

    @Mixin
    private ConfOptions conf = new ConfOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.standard();
        RunPlaces places = airflow.connect();
        AirflowClient client = places.client();
        String id = runId == null ? Triggering.newId("run", Clock.systemUTC()) : runId;
        DagForm form = form(client);
        Map<String, Object> checked = checked(form, id, console);
        if (form.paused() && unpause) {
            client.pause(dag, false);
            form = form(client);
        }
        DagRun run = Triggering.start(client, form, id, checked, note);
        console.say("Triggered " + run.runId() + ".");
        if (watch) {
            console.say(
                    "Airflow run   " + client.runUrl(run.dagId(), run.runId()) + "\n              " + places.login());
            return Watching.toTheEnd(places, run, json, console);
        }
        places.print(run, Optional.empty(), json.people());
        console.say("./dualform watch " + run.runId() + " follows it; ./dualform cancel " + run.runId() + " ends it.");
        if (json.isAsked()) {
            ObjectNode document = json.document();
            document.set("run", RunDocument.of(client, run));
            document.set("links", places.links(run, Optional.empty()));
            json.print(document);
        }
        return ExitCode.DONE.code();
    }

    /** Checks everything that can be checked here, and tells every mistake at once. */
    private Map<String, Object> checked(DagForm form, String id, Console console) throws IOException {
        AllMistakes all = new AllMistakes();
        all.collect(() -> RunId.checked(id, note));
        ObjectNode given = conf.given(command.commandLine().getParseResult(), all);
        Optional<Map<String, Object>> values = airflow.isLocal()
                ? all.collect(() -> here(form, given))
                : all.collect(() -> there(form, given, console));
        all.throwIfAny();
        return values.orElseThrow();
    }

    private static Map<String, Object> here(DagForm form, ObjectNode given) throws IOException {
        Map<String, String> environment = ServerEnvironment.of(Home.find());
        return Conf.of(form, PathsFromHere.absolute(given, environment)).checkedHere(environment);
    }

    /** Tasks that run elsewhere know other models, data sets and files. */
    private static Map<String, Object> there(DagForm form, ObjectNode given, Console console) {
        Conf conf = Conf.of(form, given);
        Map<String, Object> values = conf.checked();
        if (conf.isExperiment())
            console.say(
                    "The model, data sets, templates and row file that it names are on the machines of that Airflow:"
                            + " its task plan looks them up.");
        return values;
    }

    private DagForm form(AirflowClient client) {
        return client.form(dag)
                .orElseThrow(() -> UserException.usage("Airflow has no DAG " + dag + "; "
                        + NearestNames.hint(dag, DagReady.known(client))
                        + ". A new file is read within a minute; ./dualform logs dag-processor tells if it was not."));
    }
}
