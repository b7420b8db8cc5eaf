package org.dualform.cli.workflow.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dualform.base.FileFailure;
import org.dualform.cli.machine.Shell;
import org.dualform.cli.output.CheckList;
import org.jspecify.annotations.Nullable;

/** What a study needs of the machine that runs its tasks, where that is this one: Java, jar, disk and image. */
final class MachineChecks {
    private static final double GIB = 1L << 30;
    private static final double WORKSPACE = 4;
    private static final double TEMPORARY = 1;
    private static final int OLDEST_JAVA = 17;

    private final Map<String, String> environment;
    private final CheckList checks;

    MachineChecks(Map<String, String> environment, CheckList checks) {
        this.environment = environment;
        this.checks = checks;
    }

    void java() {
        int version = Runtime.version().feature();
        checks.judge(
                "Java",
                System.getProperty("java.version", ""),
                version >= OLDEST_JAVA,
                "Tasks need Java " + OLDEST_JAVA + " or newer.");
        String jar = environment.getOrDefault("DUALFORM_JAR", "");
        checks.judge(
                "task jar",
                jar.isEmpty() ? "not named" : jar,
                !jar.isEmpty() && Files.isRegularFile(Path.of(jar)),
                "DUALFORM_JAR has to name dualform-task.jar; ./dualform sets it to the one that it builds.");
    }

    /** Whether there is room, and whether the folder can be written to. */
    void disk(Path workspace) {
        space("workspace", workspace, WORKSPACE, "free some, or name another folder by DUALFORM_HOME");
        space(
                "temporary files",
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")),
                TEMPORARY,
                "free some, or name another folder by TMPDIR");
    }

    private void space(String what, Path folder, double least, String wayOut) {
        Path place = folder.toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) place = place.getParent();
        try {
            double free = Files.getFileStore(place).getUsableSpace() / GIB;
            boolean writable = Files.isWritable(place);
            checks.judge(
                    what,
                    String.format(Locale.ROOT, "%.1f GiB free at %s", free, folder)
                            + (writable ? "" : ", not writable"),
                    writable && free >= least,
                    String.format(
                            Locale.ROOT, "A study needs %.0f GiB there and the right to write: %s.", least, wayOut));
        } catch (IOException e) {
            checks.bad(what, FileFailure.reason(e), "Name a folder that can be written: " + wayOut + ".");
        }
    }

    /**
     * Whether Docker is there and has the image in the right version.
     *
     * @param version this program's
     */
    void image(String image, String version) {
        String engine = Shell.output(List.of("docker", "version", "--format", "{{.Server.Version}}"));
        if (engine == null) {
            checks.bad(
                    "Docker",
                    "not reachable",
                    "Install Docker on the workers, start it, and let the user of the tasks use it (group docker, or"
                            + " DOCKER_HOST).");
            return;
        }
        checks.good("Docker", engine.strip());
        @Nullable String label = Shell.output(List.of(
                "docker",
                "image",
                "inspect",
                "--format",
                "{{index .Config.Labels \"org.opencontainers.image.version\"}}",
                image));
        String what = "image " + image;
        if (label == null)
            checks.bad(
                    what,
                    "not there",
                    "./dualform package makes it; docker load -i dist/dualform-task-" + version
                            + ".image.tar brings it to a worker. Or name another by --image or DUALFORM_IMAGE.");
        else
            checks.judge(
                    what,
                    "version " + (label.isBlank() ? "unknown" : label.strip()),
                    label.strip().equals(version),
                    "This command is version " + version + ": load the image of that version.");
    }
}
