package org.dualform.dev.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Machine;
import org.dualform.dev.bench.measure.Ratio;

/**
 * The results of a run of benchmarks, and how they are written as files.
 *
 * @param measured the ratios of each benchmark, in the order of the run
 * @param rounds the number of measurements of each side of a ratio
 * @param command the command line that repeats the measurement
 * @param folder whether a model's folder was measured, rather than models made for the run
 */
record BenchReport(Map<Benchmark, List<Ratio>> measured, int rounds, String command, boolean folder) {
    private static final String MADE = " The models are made for the run, with random weights: `gpt2-124m` (GPT-2's"
            + " shape) and `llama-1.3b` (width 2048, 26 layers, 5.1 GB). Unless a line says otherwise, one thread"
            + " computes in single precision, and times are CPU seconds.";

    void writeJson(Path file) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.put("schema", 1).put("command", command).put("rounds", rounds).put("machine", Machine.text());
        measured.forEach((benchmark, ratios) -> {
            ObjectNode node = root.withObject("/benchmarks").putObject(benchmark.name());
            node.put("description", benchmark.description());
            for (Ratio ratio : ratios) {
                node.withArray("ratios")
                        .addObject()
                        .put("what", ratio.what())
                        .put("median", ratio.value().median())
                        .put("low", ratio.value().low())
                        .put("high", ratio.value().high())
                        .put("n", ratio.value().n())
                        .put("bound", ratio.bound())
                        .put("kept", ratio.kept())
                        .put("sides", ratio.sides());
            }
        });
        write(file, Json.pretty(root));
    }

    void writeMarkdown(Path file) {
        StringBuilder page = new StringBuilder();
        page.append("# Benchmarks\n\nWritten by `")
                .append(command)
                .append(" --markdown FILE` on ")
                .append(Machine.text());
        page.append(". Every number is a ratio of two things measured in this one run: the median of ")
                .append(rounds);
        page.append(" rounds, with the smallest and the largest in brackets.")
                .append(folder ? "" : MADE)
                .append(
                        " Absolute times mean nothing on another machine. The [decisions](decisions.md#speed) say what was"
                                + " tried for speed, and what it gave.\n");
        measured.forEach((benchmark, ratios) -> {
            page.append("\n## `").append(benchmark.name()).append("`\n");
            page.append(capital(benchmark.description())).append(".\n\n");
            page.append("| what | measured | sides | bound |\n|---|---|---|---|\n");
            ratios.forEach(ratio -> page.append(line(ratio)));
        });
        write(file, page.toString());
    }

    private static String line(Ratio ratio) {
        String bound =
                ratio.bound().isEmpty() ? "–" : ratio.kept() ? ratio.bound() : "**" + ratio.bound() + ": not kept**";
        return "| " + ratio.what() + " | " + ratio.value().text() + " | " + ratio.sides() + " | " + bound + " |\n";
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new PermanentException(file + " cannot be written: " + e, e);
        }
    }
}
