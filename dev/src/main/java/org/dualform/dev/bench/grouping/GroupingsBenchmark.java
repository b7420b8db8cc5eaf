package org.dualform.dev.bench.grouping;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.cli.machine.Home;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;

/**
 * Measures one sweep in Airflow in each grouping: a step a task, a cell a task, and the study in one task. Beside them
 * stands a DAG of empty tasks, which is what Airflow itself costs.
 */
public final class GroupingsBenchmark implements Benchmark {
    /** The grouping that the DAG factories choose. */
    private static final String DEFAULT = "cell";

    private static final double MEGA = 1e6;

    private final SweepSize size;

    /** @param size the sweep */
    public GroupingsBenchmark(SweepSize size) {
        this.size = size;
    }

    @Override
    public String name() {
        return "groupings";
    }

    @Override
    public String description() {
        return "a sweep of " + size.cells() + " cells of the model " + size.model() + " on " + size.dataset()
                + " in an Airflow and an MLflow of its own, once in each grouping; "
                + (size.conf().isEmpty() ? "the form's defaults" : size.conf() + " and else the form's defaults")
                + ", and "
                + slots() + " tasks at the same time. Wall seconds are those of the DAG run. Compute is what the steps"
                + " took without starting and reporting, divided by the number of tasks at the same time; a study in one"
                + " task is one, and has all cores";
    }

    /** As many as the local servers run. */
    private static int slots() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public boolean computesHere() {
        return false;
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        Console console = Console.standard();
        List<Ratio> told = new ArrayList<>();
        try (OwnServers servers = OwnServers.start(Home.find(), size, console)) {
            MeasuredRun measured = new MeasuredRun(servers, size, console);
            MeasuredRun.Took empty = measured.empty();
            told.add(said(
                    "empty tasks: wall seconds a task",
                    empty.wallSeconds() / empty.tasks(),
                    empty.tasks() + " tasks in " + text(empty.wallSeconds()) + " s"));
            for (String grouping : size.groupings()) told.addAll(told(grouping, measured.grouping(grouping)));
        } catch (IOException e) {
            throw new PermanentException("The measurement cannot be read: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PermanentException("Interrupted while the groupings were measured.", e);
        }
        return told;
    }

    private List<Ratio> told(String grouping, MeasuredRun.Took took) {
        int side = grouping.equals("study") ? 1 : slots();
        double busy = took.computeSeconds() / side;
        double overhead = took.wallSeconds() * side - took.computeSeconds();
        String wall = text(took.wallSeconds()) + " s, " + took.tasks() + " tasks";
        Spread share = Spread.once(busy / took.wallSeconds());
        String sides = text(busy) + " s / " + text(took.wallSeconds()) + " s";
        String what = grouping + ": share of wall time in compute";
        PartMemory.Peak memory = took.memory();
        return List.of(
                said(grouping + ": wall seconds", took.wallSeconds(), wall),
                grouping.equals(DEFAULT) ? Ratio.atLeast(0.85, what, share, sides) : Ratio.told(what, share, sides),
                said(grouping + ": seconds of a slot a task beyond computing", overhead / took.tasks(), wall),
                said(grouping + ": seconds of a slot a cell beyond computing", overhead / size.cells(), wall),
                said(
                        grouping + ": peak memory, MB",
                        memory.all() / MEGA,
                        "Airflow " + text(memory.airflow() / MEGA) + ", MLflow " + text(memory.mlflow() / MEGA)
                                + ", tasks " + text(memory.tasks() / MEGA)),
                said(
                        grouping + ": Airflow's database, kB a cell",
                        took.airflowBytes() / 1e3 / size.cells(),
                        text(took.airflowBytes() / MEGA) + " MB"),
                said(
                        grouping + ": MLflow's database, kB a cell",
                        took.mlflowBytes() / 1e3 / size.cells(),
                        text(took.mlflowBytes() / MEGA) + " MB"),
                said(
                        grouping + ": requests to MLflow a cell",
                        (double) took.requests() / size.cells(),
                        took.requests() + " requests"),
                Ratio.atMost(
                        4096,
                        grouping + ": bytes of the largest XCom",
                        Spread.once((double) took.largestXcom()),
                        "one XCom"));
    }

    private static Ratio said(String what, double value, String sides) {
        return Ratio.told(what, Spread.once(value), sides);
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
