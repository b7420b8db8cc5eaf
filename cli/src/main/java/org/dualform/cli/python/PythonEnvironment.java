package org.dualform.cli.python;

import java.nio.file.Path;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.machine.FolderLock;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Stamp;
import org.dualform.cli.terminal.Console;
import org.jspecify.annotations.Nullable;

/**
 * A virtual environment made from a lock file with hashes. It is made again only if the lock or Python has changed, or
 * if it was not finished: an unfinished one has no stamp.
 */
public final class PythonEnvironment {
    private final Home home;
    private final String name;
    private final Path lock;
    private final @Nullable Path project;

    private PythonEnvironment(Home home, String name, Path lock, @Nullable Path project) {
        this.home = home;
        this.name = name;
        this.lock = lock;
        this.project = project;
    }

    /** Airflow with Dualform's provider. */
    public static PythonEnvironment airflow(Home home) {
        Path operators = home.root().resolve("operators");
        return new PythonEnvironment(home, "airflow", operators.resolve("airflow.lock.txt"), operators);
    }

    /** The oldest Airflow that the provider supports, without the provider. */
    public static PythonEnvironment oldestAirflow(Home home) {
        return new PythonEnvironment(
                home, "airflow-oldest", home.root().resolve("operators/airflow-oldest.lock.txt"), null);
    }

    /** The Airflow that Dualform runs itself, without the provider. */
    public static PythonEnvironment newestAirflow(Home home) {
        return new PythonEnvironment(home, "airflow-newest", home.root().resolve("operators/airflow.lock.txt"), null);
    }

    public static PythonEnvironment mlflow(Home home) {
        return new PythonEnvironment(home, "mlflow", home.root().resolve("mlflow/server.lock.txt"), null);
    }

    /** The tools that test and check the Python part. */
    public static PythonEnvironment dev(Home home) {
        Path operators = home.root().resolve("operators");
        return new PythonEnvironment(home, "dev", operators.resolve("dev.lock.txt"), operators);
    }

    /** The other projects' software that ours is compared with: transformers and lm-evaluation-harness. */
    public static PythonEnvironment peers(Home home) {
        return new PythonEnvironment(home, "peers", home.root().resolve("dev/peers.lock.txt"), null);
    }

    public String name() {
        return name;
    }

    public Path folder() {
        return home.environments().resolve(name + "-venv");
    }

    public Path program(String program) {
        return folder().resolve("bin").resolve(program);
    }

    /** True if the environment is complete and up to date. */
    public boolean isReady(Python python) {
        return made(python).matches() && installed(python).matches();
    }

    /** Makes the environment unless it is ready. */
    public void ensure(Python python, Console console) {
        if (isReady(python)) {
            return;
        }
        Path file = home.environments().resolve(name + "-venv.lock");
        try (FolderLock held = FolderLock.take(file, "the Python environment " + name, console)) {
            Uv uv = new Uv(home, python, console);
            Path log = Uv.newLog(home, name);
            if (!made(python).matches()) {
                console.say("  installing " + name + " from " + lock.getFileName()
                        + " (the first time this downloads it; log: " + log + ")");
                uv.makeEnvironment(folder(), log);
                uv.install(program("python"), log, "--require-hashes", "-r", lock.toString());
                made(python).write();
            }
            Path source = project;
            if (source != null && !installed(python).matches()) {
                console.say("  installing Dualform's provider into " + name);
                // Built by the build tool that the lock holds, so that nothing is fetched without a hash.
                uv.install(
                        program("python"),
                        log,
                        "--no-deps",
                        "--no-build-isolation",
                        "--no-index",
                        "--reinstall",
                        source.toString());
                installed(python).write();
            }
        }
    }

    /** Installs a wheel, as a user does. What it requires has to be there already: nothing is fetched. */
    public void install(Python python, Console console, Path wheel) {
        ensure(python, console);
        console.say("  installing " + wheel.getFileName() + " into " + name);
        new Uv(home, python, console)
                .install(
                        program("python"),
                        Uv.newLog(home, name + "-wheel"),
                        "--no-index",
                        "--reinstall-package",
                        "dualform-airflow",
                        wheel.toString());
    }

    private Stamp made(Python python) {
        Fingerprint wanted = new Fingerprint()
                .text(python.version())
                .text(python.command())
                .text(folder().toString())
                .files(lock);
        return new Stamp(folder().resolve("dualform.stamp"), wanted.hex());
    }

    private Stamp installed(Python python) {
        Path source = project;
        if (source == null) {
            return made(python);
        }
        Fingerprint wanted = new Fingerprint()
                .text(made(python).wanted())
                .files(source.resolve("src"))
                .files(source.resolve("pyproject.toml"))
                .files(home.root().resolve("pom.xml")) // the version is stated there
                .files(home.root().resolve("contract/chain.json"))
                .files(home.root().resolve("contract/schema"));
        return new Stamp(folder().resolve("dualform.project.stamp"), wanted.hex());
    }
}
