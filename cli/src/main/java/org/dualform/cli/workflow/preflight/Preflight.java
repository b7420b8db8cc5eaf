package org.dualform.cli.workflow.preflight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.DagForm;
import org.dualform.cli.output.Check;
import org.dualform.cli.output.CheckList;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.DualformException;
import org.dualform.contract.Proxies;
import org.dualform.task.run.Provenance;

/** Checks everything that a study needs, before one is started. */
public final class Preflight {
    private final RunPlaces places;
    private final Console console;
    private final CheckList checks = new CheckList();

    public Preflight(RunPlaces places, Console console) {
        this.places = places;
        this.console = console;
    }

    /**
     * What is asked for.
     *
     * @param dag the DAG that is to run
     * @param experiment the experiment's fields that differ from the form's defaults
     * @param connection the connection to MLflow that the DAG is given, if any
     * @param image the image that tasks run in, if they run in containers
     * @param taskEnvironment the variables of tasks that run on this machine; empty where they run elsewhere
     * @param planDag the DAG by which a worker is to plan the experiment; empty if none is to
     */
    public record Wish(
            String dag,
            ObjectNode experiment,
            Optional<String> connection,
            Optional<String> image,
            Map<String, String> taskEnvironment,
            Optional<String> planDag) {}

    /** Each result, in the order of the checks. */
    public List<Check> all(Wish wish) throws InterruptedException {
        String version = Provenance.versions().path("dualform").asText();
        AirflowClient client = places.client();
        AirflowChecks airflow = new AirflowChecks(client, checks);
        if (airflow.answers() && signedIn(client)) {
            airflow.health();
            airflow.provider(version);
            if (airflow.dag(wish.dag())) {
                airflow.permissions(wish.dag());
                airflow.pools(wish.dag());
                study(client, wish);
            }
            airflow.connection(wish.connection());
        }
        MlflowChecks.all(places.mlflow(), Proxies.of(System.getenv()), checks);
        machine(wish, version);
        return checks.all();
    }

    /** Every call below needs the sign-in; one sentence about it is enough. */
    private boolean signedIn(AirflowClient client) {
        try {
            client.latestRuns("~", 1);
            checks.good("Airflow log-in", "user " + client.site().user());
            return true;
        } catch (DualformException e) {
            checks.bad("Airflow log-in", "no", e.getMessage() + "");
            return false;
        }
    }

    private void study(AirflowClient client, Wish wish) throws InterruptedException {
        Optional<DagForm> form = client.form(wish.dag());
        if (form.isEmpty()) return;
        StudyChecks study = new StudyChecks(checks);
        study.here(form.get(), wish.experiment(), wish.taskEnvironment());
        if (wish.planDag().isPresent()) onWorker(client, study, wish.planDag().get(), wish.experiment());
    }

    private void onWorker(AirflowClient client, StudyChecks study, String planDag, ObjectNode experiment)
            throws InterruptedException {
        Optional<DagForm> plan = client.form(planDag);
        if (plan.isPresent()) study.onWorker(client, plan.get(), experiment, console);
        else
            checks.bad(
                    "plan on a worker",
                    "no DAG " + planDag,
                    "--on-worker runs a DAG that plans and measures nothing. Add one to a DAG file with"
                            + " icl_plan(\"" + planDag + "\", …) of dualform_airflow.dags and the study's arguments"
                            + " (execution, image, jar …), or name the one that is there by --plan-dag.");
    }

    private void machine(Wish wish, String version) {
        MachineChecks machine = new MachineChecks(wish.taskEnvironment(), checks);
        if (!wish.taskEnvironment().isEmpty()) {
            machine.java();
            machine.disk(places.workspace());
        }
        wish.image().ifPresent(image -> machine.image(image, version));
    }
}
