package org.dualform.cli.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.machine.FolderLock;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.machine.Stamp;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;
import org.jspecify.annotations.Nullable;

/** Runs uv, which installs the locked environments. uv itself is installed by pip from a lock with hashes. */
final class Uv {
    private final Home home;
    private final Python python;
    private final Console console;

    Uv(Home home, Python python, Console console) {
        this.home = home;
        this.python = python;
        this.console = console;
    }

    /** Makes a new, empty environment. It replaces whatever is in the folder. */
    void makeEnvironment(Path folder, Path log) {
        deleteTree(folder);
        run(log, "venv", "--quiet", "--python", python.command(), folder.toString());
    }

    /** Installs packages into an environment. */
    void install(Path environmentPython, Path log, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "pip",
                "install",
                "--python",
                environmentPython.toString(),
                // Compiles now; otherwise a server's first start would spend a minute on it.
                "--compile-bytecode"));
        all.addAll(List.of(arguments));
        run(log, all.toArray(String[]::new));
    }

    private void run(Path log, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(List.of(arguments));
        check(Shell.run(command, home.root(), environment(), log), log);
    }

    private Path program() {
        Path folder = home.environments().resolve("uv-venv");
        Path lock = home.root().resolve("operators/uv.lock.txt");
        Stamp stamp = new Stamp(
                folder.resolve("dualform.stamp"),
                new Fingerprint()
                        .text(python.version())
                        .text(folder.toString())
                        .files(lock)
                        .hex());
        try (FolderLock held =
                FolderLock.take(home.environments().resolve("uv-venv.lock"), "the installer uv", console)) {
            if (!stamp.matches()) {
                console.say("  installing uv");
                Path log = newLog(home, "uv");
                deleteTree(folder);
                pip(log, List.of(python.command(), "-m", "venv", folder.toString()));
                pip(
                        log,
                        List.of(
                                folder.resolve("bin/python").toString(),
                                "-m",
                                "pip",
                                "install",
                                "--disable-pip-version-check",
                                "--require-hashes",
                                "-r",
                                lock.toString()));
                stamp.write();
            }
        }
        return folder.resolve("bin/uv");
    }

    private void pip(Path log, List<String> command) {
        check(Shell.run(command, home.root(), environment(), log), log);
    }

    private static void check(int code, Path log) {
        if (code != 0) {
            throw new TransientException(
                    "Installing a Python environment failed. If the network was away, try again; the log is " + log
                            + ":" + Shell.tail(log, 12),
                    null);
        }
    }

    /** Passes pip's settings on to uv, which does not read them itself. A private package index is meant for both. */
    private Map<String, String> environment() {
        Map<String, String> changes = new HashMap<>();
        changes.put("PYTHONDONTWRITEBYTECODE", "");
        changes.put("VIRTUAL_ENV", "");
        carry(changes, "PIP_INDEX_URL", "UV_DEFAULT_INDEX");
        carry(changes, "PIP_CERT", "SSL_CERT_FILE");
        return changes;
    }

    private void carry(Map<String, String> changes, String from, String to) {
        @Nullable String value = home.environment().get(from);
        if (value != null && !home.environment().containsKey(to)) {
            changes.put(to, value);
        }
    }

    static Path newLog(Home home, String name) {
        try {
            Files.createDirectories(home.logs());
            Path log = home.logs().resolve("install-" + name + ".log");
            Files.writeString(log, "");
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
