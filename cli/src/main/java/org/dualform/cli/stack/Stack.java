package org.dualform.cli.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.cli.machine.FolderLock;
import org.dualform.cli.machine.Home;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;

/**
 * The local servers as a whole: MLflow and Airflow's four components. One process at a time starts or stops them; another
 * one waits for it.
 */
public final class Stack {
    private final Home home;
    private final Console console;
    private final ServerSet servers;

    public Stack(Home home, Console console) {
        this.home = home;
        this.console = console;
        this.servers = new ServerSet(home);
    }

    /** True if every server runs. */
    public boolean isUp() {
        return servers.allRun();
    }

    /** Starts the servers that do not run, and waits until they work. It leaves running servers alone. */
    public void up() {
        home.make();
        StackStart start = new StackStart(home, servers, console);
        try (FolderLock held = lock()) {
            new StackStop(home, servers, console).remainders();
            start.all();
        } catch (DualformException e) {
            console.clear();
            throw e;
        }
    }

    /** Stops every server and every task that they run. */
    public void down() {
        home.make();
        try (FolderLock held = lock()) {
            new StackStop(home, servers, console).all();
        }
    }

    private FolderLock lock() {
        return FolderLock.take(home.run().resolve("lock"), "with the servers", console);
    }

    /** The servers' addresses and the login; empty if they were never started. */
    public Optional<Addresses> addresses() {
        return Addresses.find(home);
    }

    /** Each server's name, and its process id if it runs. */
    public Map<String, Optional<Long>> states() {
        return servers.processIds();
    }

    /** The servers that ended without being stopped. */
    public List<String> died() {
        return servers.died().stream().map(ServerProcess::name).toList();
    }

    /** The file that a server writes its output to. */
    public Path log(String name) {
        return servers.get(name).log();
    }

    /** The file that holds the password of Airflow's user. */
    public Path passwordFile() {
        return Secrets.passwords(home);
    }
}
