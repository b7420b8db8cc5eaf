package org.dualform.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.cli.machine.Home;
import org.dualform.cli.server.Servers;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.Phases;
import org.dualform.cli.workflow.AirflowOption;
import org.dualform.cli.workflow.control.Cancelling;
import org.dualform.cli.workflow.control.Conf;
import org.dualform.cli.workflow.control.DagReady;
import org.dualform.cli.workflow.control.RunFollower;
import org.dualform.cli.workflow.control.Triggering;
import org.dualform.cli.workflow.outcome.RunOutcome;
import org.dualform.cli.workflow.outcome.RunPlaces;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.jspecify.annotations.Nullable;

/** Runs the phases of the demo, and cleans up after them. */
final class Demo {
    private static final String DAG = "icl_shot_sweep";
    private static final int PHASES = 5;
    /** The longest wait after Ctrl-C for Airflow to end the tasks of a run. It usually takes some seconds. */
    private static final Duration CANCEL = Duration.ofSeconds(25);

    private final Home home;
    private final Stack stack;
    private final Console console;
    private final PrintWriter out;
    private final boolean stays;
    private final Phases phases;
    private @Nullable AirflowClient client;
    private @Nullable DagRun underWay;
    private boolean started;

    /** @param stays whether the servers keep running afterwards */
    Demo(Home home, Stack stack, Console console, PrintWriter out, boolean stays) {
        this.home = home;
        this.stack = stack;
        this.console = console;
        this.out = out;
        this.stays = stays;
        this.phases = new Phases(console, PHASES);
        buildTime().ifPresent(time -> phases.add("build", time));
    }

    /** @return the exit code */
    int run(ObjectNode given) throws IOException, InterruptedException {
        phases.run(
                "environments", "Python environments of Airflow and MLflow", () -> Servers.environments(home, console));
        phases.run("servers", "MLflow and Airflow on loopback ports", this::up);
        RunPlaces places = AirflowOption.local(stack, null);
        AirflowClient airflow = places.client();
        client = airflow;
        DagForm form = phases.run("workflow", "Airflow reads the DAG " + DAG, () -> ready(airflow));
        Map<String, Object> conf = Conf.of(form, given).checked();
        RunProgress ended =
                phases.run("experiment", "The experiment, triggered in Airflow", () -> measure(places, form, conf));
        underWay = null;
        ExitCode[] code = {ExitCode.BUG};
        phases.run("results", "Results", () -> code[0] = print(places, ended));
        sayHowToGoOn(ended.run());
        return code[0].code();
    }

    private void up() {
        started = true;
        stack.up();
    }

    private DagForm ready(AirflowClient airflow) throws InterruptedException {
        DagForm form = DagReady.await(airflow, DAG, console);
        DagReady.warnOfOthers(airflow, console);
        if (!form.paused()) return form;
        airflow.pause(DAG, false);
        return DagReady.await(airflow, DAG, console);
    }

    private RunProgress measure(RunPlaces places, DagForm form, Map<String, Object> conf) throws InterruptedException {
        AirflowClient airflow = places.client();
        DagRun run = Triggering.start(
                airflow, form, Triggering.newId("demo", Clock.systemUTC()), conf, "Started by ./dualform demo.");
        underWay = run;
        console.say("  " + run.runId() + ": " + airflow.runUrl(DAG, run.runId()));
        console.say("  " + places.login());
        return new RunFollower(airflow, console).follow(run);
    }

    private ExitCode print(RunPlaces places, RunProgress ended) {
        try {
            out.println();
            return new RunOutcome(places.client(), places, out).print(ended);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void sayHowToGoOn(DagRun run) {
        out.println();
        out.println("How to go on:");
        if (!stays) out.println("  ./dualform up                    the servers again, and with them the links above");
        out.println("  ./dualform trigger " + DAG + " --model FOLDER --datasets FOLDER --shots 0,2,8 --watch");
        out.println("  ./dualform compare " + run.runId() + "   studies side by side");
        out.println("  ./dualform run --model FOLDER --datasets FOLDER   the same without Airflow");
        if (stays) out.println("  ./dualform down                  stops the servers");
        out.println();
        out.flush();
    }

    /**
     * Cleans up after Ctrl-C. If the servers are about to stop, it cancels the run first. Otherwise the next start of
     * the servers would continue the run.
     */
    void interrupted() {
        console.say("Stopping. Ctrl-C again ends at once, without tidying up.");
        DagRun run = underWay;
        AirflowClient airflow = client;
        if (run == null || airflow == null) {
            console.say("  What is finished is kept: the same command goes on from there.");
            return;
        }
        if (stays) {
            RunOutcome.printLeft(run, console);
            return;
        }
        try {
            Cancelling.cancel(airflow, run, CANCEL, console);
            console.say(
                    "  The run " + run.runId() + " is cancelled. What is finished is kept: the same command again, or"
                            + " ./dualform resume " + run.runId() + ", goes on from there.");
        } catch (DualformException e) {
            console.say("  The run " + run.runId() + " could not be cancelled: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the servers unless they stay, and lists the phases with their times. */
    void close() {
        if (started && !stays) {
            console.say("Stopping the servers");
            phases.quietly("stopping", stack::down);
        }
        if (phases.begun()) console.say("Times\n" + phases.table().stripTrailing());
    }

    /** The time that the launcher took to build; empty if it built nothing. */
    private java.util.Optional<Duration> buildTime() {
        String seconds = home.environment().getOrDefault("DUALFORM_BUILD_SECONDS", "");
        return seconds.matches("\\d{1,6}")
                ? java.util.Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
                : java.util.Optional.empty();
    }
}
