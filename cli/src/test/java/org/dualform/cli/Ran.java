package org.dualform.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command line that was run to its end.
 *
 * @param code the exit code
 * @param out what it printed
 * @param errors what it printed as errors; in a process of its own its progress too
 */
public record Ran(int code, String out, String errors) {
    /** The project's folder. */
    public static final Path ROOT = Path.of(System.getProperty("dualform.root", ".."));

    private static final long LIMIT_SECONDS = 120;

    /** Runs in this process, with this process's environment. */
    public static Ran here(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = DualformCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(errors))
                .execute(texts(words).toArray(String[]::new));
        return new Ran(code, out.toString(), errors.toString());
    }

    /** Runs in a process of its own, whose environment names Dualform's things by {@code environment} alone. */
    public static Ran apart(Path folder, Map<String, String> environment, Object... words) throws Exception {
        Path out = folder.resolve("stdout.txt");
        Path errors = folder.resolve("stderr.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                DualformCommand.class.getName()));
        command.addAll(texts(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(DUALFORM|HF|MLFLOW)_.*") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException("did not end: " + command);
        }
        return new Ran(process.exitValue(), read(out), read(errors));
    }

    private static List<String> texts(Object... words) {
        List<String> texts = new ArrayList<>();
        for (Object word : words) texts.add(word.toString());
        return texts;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
