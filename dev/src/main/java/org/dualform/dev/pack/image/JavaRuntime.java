package org.dualform.dev.pack.image;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.machine.Shell;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * A Java runtime of those modules alone that tasks use, made by this process's own JDK. The options of the virtual
 * machine are part of it, so that those of JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS, which are read later, take
 * precedence.
 */
final class JavaRuntime {
    /** What {@code jdeps} finds in the task jar, and what Java looks up by name: elliptic curves, zip file systems. */
    static final List<String> MODULES = List.of(
            "java.base",
            "java.compiler",
            "java.desktop",
            "java.logging",
            "java.naming",
            "java.net.http",
            "java.prefs",
            "java.security.jgss",
            "java.sql",
            "jdk.crypto.ec",
            "jdk.management",
            "jdk.unsupported",
            "jdk.zipfs");

    private JavaRuntime() {}

    /** Changes whenever the runtime would. */
    static String fingerprint(List<String> options) {
        return new Fingerprint()
                .text(System.getProperty("java.vm.version"))
                .text(System.getProperty("java.vendor"))
                .text(home().toString())
                .text(String.join(",", MODULES))
                .text(String.join(" ", options))
                .hex();
    }

    /** Makes it in a folder, which it replaces. */
    static void make(Path folder, List<String> options, Path log) throws IOException {
        Path jlink = home().resolve("bin/jlink");
        if (!Files.isExecutable(jlink) || !Files.isDirectory(home().resolve("jmods"))) {
            throw UserException.config("The image's Java runtime is made by jlink, and " + home()
                    + " has no bin/jlink or no jmods. Set JAVA_HOME to a whole JDK (Debian, Ubuntu: apt-get install"
                    + " openjdk-17-jdk-headless).");
        }
        if (Files.exists(folder)) FileTree.delete(folder);
        List<String> command = List.of(
                jlink.toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--add-options",
                String.join(" ", options),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                // Classes stay as they are: the image's layers are compressed as a whole, and Java starts faster.
                "--compress=0",
                "--output",
                folder.toString());
        int code = Shell.run(command, home(), Map.of(), log);
        if (code != 0) {
            throw new PermanentException("jlink failed; the log is " + log + ":" + Shell.tail(log, 6), null);
        }
    }

    static Component component() {
        String version = System.getProperty("java.vm.version");
        return new Component(
                "openjdk", version, "pkg:generic/openjdk@" + URLEncoder.encode(version, StandardCharsets.UTF_8));
    }

    private static Path home() {
        return Path.of(System.getProperty("java.home"));
    }
}
