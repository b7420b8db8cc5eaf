package org.dualform.cli.stack;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dualform.cli.machine.Home;

/** The processes of all local servers by name. It tells which run, and which ended without being stopped. */
final class ServerSet {
    static final String MLFLOW = "mlflow";
    static final String API_SERVER = "api-server";
    static final String SCHEDULER = "scheduler";
    static final String DAG_PROCESSOR = "dag-processor";
    static final String TRIGGERER = "triggerer";

    /** The servers that start tasks or read DAGs. They stop first. */
    static final List<String> WORKERS = List.of(SCHEDULER, DAG_PROCESSOR, TRIGGERER);

    /** The servers that tasks report to. They stop last. */
    static final List<String> REPORTED_TO = List.of(API_SERVER, MLFLOW);

    private final Map<String, ServerProcess> servers = new LinkedHashMap<>();

    ServerSet(Home home) {
        WORKERS.forEach(name -> servers.put(name, new ServerProcess(home, name)));
        REPORTED_TO.forEach(name -> servers.put(name, new ServerProcess(home, name)));
    }

    ServerProcess get(String name) {
        ServerProcess server = servers.get(name);
        if (server == null) throw new IllegalArgumentException(name);
        return server;
    }

    List<ServerProcess> get(List<String> names) {
        return names.stream().map(this::get).toList();
    }

    List<ServerProcess> all() {
        return List.copyOf(servers.values());
    }

    boolean allRun() {
        return servers.values().stream().allMatch(ServerProcess::isRunning);
    }

    /** The servers that ended without being stopped. */
    List<ServerProcess> died() {
        return servers.values().stream().filter(ServerProcess::died).toList();
    }

    /** Each server's name, and its process id if it runs. */
    Map<String, Optional<Long>> processIds() {
        Map<String, Optional<Long>> ids = new LinkedHashMap<>();
        servers.forEach((name, server) -> ids.put(name, server.running().map(ProcessHandle::pid)));
        return ids;
    }

    /** Process ids of the running servers and of their descendants. */
    Set<Long> runningProcesses() {
        Set<Long> ids = new HashSet<>();
        servers.values()
                .forEach(server -> server.running().ifPresent(leader -> {
                    ids.add(leader.pid());
                    leader.descendants().forEach(child -> ids.add(child.pid()));
                }));
        return ids;
    }
}
