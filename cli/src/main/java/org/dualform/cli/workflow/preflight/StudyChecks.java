package org.dualform.cli.workflow.preflight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.RunWatcher;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.RunState;
import org.dualform.base.FileFailure;
import org.dualform.cli.output.CheckList;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.workflow.control.Conf;
import org.dualform.cli.workflow.control.PathsFromHere;
import org.dualform.cli.workflow.control.Triggering;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.contract.DualformException;
import org.dualform.contract.UserException;

/** Whether the experiment itself is in order: its values, and the models, data sets and files that it names. */
final class StudyChecks {
    private static final String WHAT = "experiment";

    private final CheckList checks;

    StudyChecks(CheckList checks) {
        this.checks = checks;
    }

    /**
     * As {@code trigger} checks it.
     *
     * @param given the experiment's fields that differ from the form's defaults
     * @param environment the variables of tasks on this machine; empty where they run elsewhere
     */
    void here(DagForm form, ObjectNode given, Map<String, String> environment) {
        try {
            if (environment.isEmpty()) {
                Conf.of(form, given).checked();
                checks.good(WHAT, "its values are right; a worker looks up what it names (--on-worker)");
            } else {
                Conf.of(form, PathsFromHere.absolute(given, environment)).checkedHere(environment);
                checks.good(WHAT, "its values are right, and its model and data sets are here or named on a hub");
            }
        } catch (UserException e) {
            e.mistakes().forEach(mistake -> checks.bad(WHAT, "wrong", mistake));
        } catch (IOException e) {
            checks.bad(WHAT, "cannot be checked", FileFailure.reason(e) + ".");
        }
    }

    /** Has a worker plan the experiment: it then has found Java, the jar, the workspace, the model and the data. */
    void onWorker(AirflowClient client, DagForm plan, ObjectNode given, Console console) throws InterruptedException {
        String what = "plan on a worker";
        try {
            Map<String, Object> conf = Conf.of(plan, given).checked();
            DagRun run = Triggering.start(
                    client, plan, Triggering.newId("preflight", Clock.systemUTC()), conf, "dualform preflight");
            console.say("  asking a worker: " + client.runUrl(run.dagId(), run.runId()));
            RunProgress ended = new RunWatcher(client).watch(run.dagId(), run.runId(), progress -> {});
            boolean done = ended.run().state() == RunState.SUCCESS;
            checks.judge(
                    what,
                    (done ? "done" : "failed") + ", run " + run.runId(),
                    done,
                    String.join(" ", RunOutcome.reasons(client, ended).values()));
        } catch (DualformException e) {
            checks.bad(what, "no", e.getMessage() + "");
        }
    }
}
