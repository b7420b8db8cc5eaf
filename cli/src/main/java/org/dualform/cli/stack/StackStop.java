package org.dualform.cli.stack;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.cli.machine.Home;
import org.dualform.cli.terminal.Console;

/** Stops servers, and the processes that they started in sessions of their own. */
final class StackStop {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration STRAYS_GRACE = Duration.ofSeconds(4);

    private final Home home;
    private final ServerSet servers;
    private final Console console;

    StackStop(Home home, ServerSet servers, Console console) {
        this.home = home;
        this.servers = servers;
        this.console = console;
    }

    /** Stops every server and every task that they run. */
    void all() {
        // A cancelled task reports to MLflow and Airflow, so these two stop last.
        end(servers.get(ServerSet.WORKERS), strays(servers.runningProcesses()));
        end(servers.get(ServerSet.REPORTED_TO), List.of());
        endStrays(Set.of());
        servers.all().forEach(ServerProcess::forget);
    }

    /** Ends the processes that dead servers left behind, so that none runs beside their successors. */
    void remainders() {
        List<ServerProcess> dead = servers.died();
        if (dead.isEmpty()) return;
        console.say("  " + names(dead) + " ended unexpectedly before; starting again");
        dead.forEach(ServerProcess::kill);
        boolean schedulerDied = dead.stream().anyMatch(server -> server.name().equals(ServerSet.SCHEDULER));
        if (schedulerDied) endStrays(servers.runningProcesses());
        dead.forEach(ServerProcess::forget);
    }

    private void end(List<ServerProcess> group, List<ProcessHandle> strays) {
        group.forEach(ServerProcess::terminate);
        strays.forEach(ProcessHandle::destroy);
        long start = System.nanoTime();
        while (!left(group).isEmpty() && System.nanoTime() - start < GRACE.toNanos()) {
            console.progress("  stopping " + names(left(group)));
            Wait.pause();
        }
        console.clear();
        left(group).forEach(ServerProcess::kill);
    }

    private void endStrays(Set<Long> spared) {
        List<ProcessHandle> strays = strays(spared);
        strays.forEach(ProcessHandle::destroy);
        long start = System.nanoTime();
        while (strays.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - start < STRAYS_GRACE.toNanos()) {
            Wait.pause();
        }
        strays.forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> strays(Set<Long> spared) {
        return Strays.of(home).stream()
                .filter(process -> !spared.contains(process.pid()))
                .toList();
    }

    private static List<ServerProcess> left(List<ServerProcess> group) {
        return group.stream().filter(server -> !server.isGone()).toList();
    }

    private static String names(List<ServerProcess> servers) {
        return servers.stream().map(ServerProcess::name).collect(Collectors.joining(", "));
    }
}
