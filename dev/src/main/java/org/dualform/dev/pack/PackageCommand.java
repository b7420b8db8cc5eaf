package org.dualform.dev.pack;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.FolderLock;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.dev.pack.image.Base;
import org.dualform.dev.pack.image.Component;
import org.dualform.dev.pack.image.ImageBuild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualform package}: makes the files that a team with its own Airflow installs. */
@Command(
        name = "package",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the Airflow provider's wheel, the task jar, the tasks' container image, lists of what is in them"
                    + " (CycloneDX) and SHA256SUMS.",
            "Neither a container engine nor a registry is needed, nor root."
        },
        footer = {
            "",
            "The image is made for this machine's kind of processor. Its base consists of a few of this system's own"
                    + " Debian or Ubuntu packages, unless --base names another.",
            "",
            "Exit code: 0 if all was made, 78 if this machine lacks something, 75 if a download failed."
        })
public final class PackageCommand implements Callable<Integer> {
    private static final String TASK = "dualform-task";
    private static final double MEGABYTE = 1e6;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Option(
            names = "--base",
            paramLabel = "BASE",
            defaultValue = "",
            description =
                    "What the image is built upon: FILE.tar as docker save writes it, or docker://NAME for an image"
                            + " of a registry. It needs glibc 2.34 or newer, libstdc++ and zlib; see docs/containers.md.")
    private String base = "";

    @Option(names = "--no-image", description = "Leaves out the image.")
    private boolean withoutImage;

    @Option(names = "--out", paramLabel = "DIR", description = "The folder of the files. Default: dist.")
    private Path out = Path.of("dist");

    @Override
    public Integer call() throws IOException {
        Base upon = Base.parse(base);
        Home home = Home.find();
        Console console = Console.standard();
        Release release = Release.find(home);
        Path cache = home.environments().resolve("package");
        Path target = out.isAbsolute() ? out : home.root().resolve(out);
        Path log = home.logs().resolve("package.log");
        Files.createDirectories(home.logs());
        Files.writeString(log, "");
        try (FolderLock held = FolderLock.take(cache.resolve("lock"), "its packages", console)) {
            Path fresh = cache.resolve("fresh");
            if (Files.exists(fresh)) FileTree.delete(fresh);
            Files.createDirectories(fresh);
            make(home, console, release, upon, cache, fresh, log);
            Checksums.write(fresh);
            move(fresh, target);
        }
        tell(target, release);
        return ExitCode.DONE.code();
    }

    private void make(Home home, Console console, Release release, Base upon, Path cache, Path folder, Path log)
            throws IOException {
        PythonEnvironment.dev(home).ensure(Python.find(home), console);
        Bills bills = new Bills(release);
        String task = TASK + "-" + release.version();
        Path target = home.root().resolve("tasks/target");
        Path jar = target.resolve("dualform-task.jar");
        Path ofJar = target.resolve("dualform-task.cdx.json");
        if (!Files.exists(ofJar)) {
            throw UserException.config("The list of what is in the task jar, " + ofJar + ", was not made: the plugin"
                    + " that makes it skips builds with Maven's option -o (offline). Build again without it: touch"
                    + " pom.xml, then ./dualform package.");
        }
        console.progress("  the wheel");
        Path wheel = Wheel.build(home, release.created(), folder, log);
        bills.writeWheel(wheel, folder.resolve("dualform_airflow-" + release.version() + ".cdx.json"));
        Files.copy(jar, folder.resolve(task + ".jar"));
        Files.copy(ofJar, folder.resolve(task + ".cdx.json"));
        if (!withoutImage) {
            Path image = folder.resolve(task + ".image.tar");
            List<Component> held = new ImageBuild(cache, log, console)
                    .write(
                            upon,
                            jar,
                            home.root().resolve("models/mini"),
                            Labels.of(release),
                            release.created(),
                            imageName(release),
                            image);
            bills.writeImage(ofJar, held, TASK, folder.resolve(task + ".image.cdx.json"));
        }
        console.clear();
    }

    private static String imageName(Release release) {
        return TASK + ":" + release.version();
    }

    /** Replaces files of the same name, after all have been made. */
    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void tell(Path folder, Release release) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.sorted(Comparator.comparing(Path::getFileName)).toList()) {
                out.printf(Locale.ROOT, "%9.2f MB  %s%n", Files.size(file) / MEGABYTE, file);
            }
        }
        if (!withoutImage) {
            String tar = folder.resolve("dualform-task-" + release.version() + ".image.tar")
                    .toString();
            out.println();
            out.println("To load the image, " + imageName(release) + ":");
            for (String loads :
                    List.of("docker load -i ", "ctr -n k8s.io images import ", "kind load image-archive ")) {
                out.println("  " + loads + tar);
            }
        }
        out.flush();
    }
}
