package org.dualform.cli.workflow.preflight;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.AirflowSite;
import org.dualform.airflow.dag.Dag;
import org.dualform.base.NearestNames;
import org.dualform.cli.output.CheckList;
import org.dualform.contract.DualformException;
import org.dualform.contract.UserException;

/** What a study needs of Airflow: its version, components, DAG, pools and connection, and the user's permissions. */
final class AirflowChecks {
    private static final String PROVIDER = "dualform-airflow";
    private static final String OLDEST = "3.1";

    private final AirflowClient client;
    private final AirflowSite site;
    private final CheckList checks;

    AirflowChecks(AirflowClient client, CheckList checks) {
        this.client = client;
        this.site = client.site();
        this.checks = checks;
    }

    /** @return false if the server does not answer, so that nothing more can be asked of it */
    boolean answers() {
        try {
            String version = client.version();
            checks.judge(
                    "Airflow",
                    version + " at " + client.url(),
                    version.matches("3\\.[1-9].*|[4-9]\\..*"),
                    "Dualform needs Airflow " + OLDEST + " or newer: upgrade it.");
            Instant before = Instant.now();
            Optional<Instant> there = site.clock();
            Instant after = Instant.now();
            there.ifPresent(time -> ServerClock.judge(checks, "Airflow", time, before, after));
            return true;
        } catch (DualformException e) {
            checks.bad("Airflow", "no answer", e.getMessage() + "");
            return false;
        }
    }

    void health() {
        checks.attempt(
                "Airflow components",
                () -> client.health()
                        .forEach((name, state) -> checks.judge(
                                name,
                                state,
                                state.equals("healthy"),
                                "Start Airflow's " + name.replace('_', '-')
                                        + "; its log says why it stopped. Without a scheduler no task starts, without a"
                                        + " dag-processor no DAG is read.")));
    }

    /** @param expected this program's version */
    void provider(String expected) {
        checks.attempt("provider", () -> {
            String found = site.providers().get(PROVIDER);
            checks.judge(
                    "provider",
                    found == null ? PROVIDER + " is not installed" : PROVIDER + " " + found,
                    expected.equals(found),
                    found == null
                            ? "Install the wheel " + PROVIDER.replace('-', '_') + " " + expected
                                    + " where Airflow's API server, DAG processor and workers run."
                            : "This command is version " + expected
                                    + ": install the wheel of the same version in Airflow, or use that version's command.");
        });
    }

    /** @return whether the DAG is there */
    boolean dag(String dagId) {
        try {
            List<Dag> dags = client.dags();
            Optional<Dag> found =
                    dags.stream().filter(dag -> dag.id().equals(dagId)).findFirst();
            if (found.isEmpty()) {
                checks.bad(
                        "DAG " + dagId,
                        "not there",
                        "Airflow has no DAG " + dagId + "; "
                                + NearestNames.hint(
                                        dagId, dags.stream().map(Dag::id).toList())
                                + ". It may be that its file was not read: see the import errors below.");
            } else if (found.get().paused()) {
                checks.bad(
                        "DAG " + dagId,
                        "paused",
                        "A run of it would wait: unpause it in Airflow, or trigger it with --unpause.");
            } else {
                checks.judge(
                        "DAG " + dagId,
                        found.get().broken() ? "broken" : "active",
                        !found.get().broken(),
                        "The newest version of its file could not be read: see the import errors below.");
            }
            importErrors();
            return found.isPresent();
        } catch (DualformException e) {
            checks.bad("DAG " + dagId, "unknown", e.getMessage() + "");
            return false;
        }
    }

    private void importErrors() {
        checks.attempt("DAG files", () -> {
            Map<String, String> errors = client.importErrors();
            checks.judge(
                    "DAG files",
                    errors.isEmpty() ? "all read" : "not read: " + String.join(", ", errors.keySet()),
                    errors.isEmpty(),
                    errors.values().stream()
                                    .map(trace -> trace.strip()
                                            .substring(trace.strip().lastIndexOf('\n') + 1)
                                            .strip())
                                    .distinct()
                                    .collect(Collectors.joining(" "))
                            + " Correct the file.");
        });
    }

    void permissions(String dagId) {
        for (AirflowSite.Deed deed : AirflowSite.Deed.values()) {
            String what = "may " + deed.text();
            checks.attempt(
                    what,
                    () -> checks.judge(
                            what,
                            site.may(deed, dagId) ? "yes" : "no (403)",
                            site.may(deed, dagId),
                            "The user " + site.user() + " may not: ask for a role that may, such as Op, or name another"
                                    + " user by --airflow-user."));
        }
    }

    void pools(String dagId) {
        checks.attempt("pools", () -> {
            Map<String, AirflowSite.Pool> known =
                    site.pools().stream().collect(Collectors.toMap(AirflowSite.Pool::name, pool -> pool));
            SortedSet<String> used = site.poolsOf(dagId);
            for (String name : used) {
                AirflowSite.Pool pool = known.get(name);
                String what = "pool " + name;
                if (pool == null)
                    checks.bad(
                            what,
                            "not there",
                            "Airflow never starts a task in a pool that does not exist, and gives no reason. Make it under"
                                    + " Admin, Pools, or by: airflow pools set " + name + " 2 Dualform");
                else if (pool.slots() == 0)
                    checks.bad(what, "0 slots", "No task can start in it: give it slots under Admin, Pools.");
                else
                    checks.judge(
                            what,
                            pool.slots() < 0 ? "without limit" : pool.open() + " of " + pool.slots() + " slots free",
                            pool.slots() < 0 || pool.open() > 0,
                            "Other tasks hold every slot: the study waits until one is free, or give the pool more.");
            }
        });
    }

    /** @param id the connection that the study's DAG is given as mlflow_conn_id; empty to list what there is */
    void connection(Optional<String> id) {
        try {
            List<AirflowSite.Connection> all = site.connections();
            if (id.isEmpty()) {
                checks.good("connections", all.isEmpty() ? "none" : names(all));
                return;
            }
            Optional<AirflowSite.Connection> found =
                    all.stream().filter(each -> each.id().equals(id.get())).findFirst();
            checks.judge(
                    "connection " + id.get(),
                    found.map(each -> each.type() + ", " + each.address()).orElse("not there"),
                    found.isPresent() && !found.get().address().isEmpty(),
                    found.isPresent()
                            ? "It has no host: write MLflow's address there, such as https://mlflow.example.org."
                            : "Create it under Admin, Connections, or by: airflow connections add " + id.get()
                                    + " --conn-type generic --conn-host https://mlflow.example.org");
        } catch (UserException e) {
            // To see connections takes more rights than to trigger a run, so that this alone is no lack.
            String what = "connections";
            if (id.isEmpty()) checks.good(what, "this user may not see them");
            else checks.bad("connection " + id.get(), "this user may not see it", e.getMessage() + "");
        } catch (DualformException e) {
            checks.bad("connections", "no answer", e.getMessage() + "");
        }
    }

    private static String names(List<AirflowSite.Connection> all) {
        return all.stream().map(AirflowSite.Connection::id).collect(Collectors.joining(", "));
    }
}
