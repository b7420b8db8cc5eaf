package org.dualform.cli.tracking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.TerminalWidth;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.report.Comparison;
import org.dualform.spec.read.SpecSchema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform compare}: prints studies side by side, from their summary runs in MLflow. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Shows studies side by side, and each against the first, with intervals; read from MLflow.",
            "Without a study it lists those there are, the latest first.",
            ""
        },
        footer = {"", "Example:", "  dualform compare run-20260101-100000 run-20260102-100000 --html page.html"})
public final class CompareCommand implements Callable<Integer> {
    private static final int LISTED = 20;

    @Parameters(
            paramLabel = "STUDY",
            arity = "0..*",
            description = "Name of a study, or the end of its name, such as the id of its run in Airflow.")
    private List<String> studies = new ArrayList<>();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write the comparison as one self-contained HTML file.")
    private @Nullable Path html;

    @Option(names = "--experiment", paramLabel = "NAME", description = "MLflow experiment. Default: ${DEFAULT-VALUE}.")
    private String experiment = "dualform";

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private MlflowOption server = new MlflowOption();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = json.people();
        ObjectNode document = json.document().put("experiment", experiment);
        try (Mlflow mlflow = Mlflow.connect(server.server())) {
            server.check(mlflow);
            String id = mlflow.experiments()
                    .find(experiment)
                    .orElseThrow(() ->
                            UserException.usage("MLflow at " + mlflow.server().base() + " has no experiment '"
                                    + experiment + "'. --experiment names another."));
            Map<String, RunView> summaries = summaries(mlflow);
            Links links = mlflow.links(id);
            if (studies.isEmpty()) {
                list(summaries, out, document.putArray("studies"));
            } else {
                compare(mlflow, chosen(summaries), links, out, document);
            }
            json.print(document);
            return ExitCode.DONE.code();
        } finally {
            out.flush();
        }
    }

    /** Each study's summary run by the study's name, the latest first. */
    private Map<String, RunView> summaries(Mlflow mlflow) {
        Map<String, RunView> byStudy = new LinkedHashMap<>();
        mlflow.runs().search(experiment, "tags.kind = 'summary' AND tags.`" + Tags.SUPERSEDED + "` IS NULL").stream()
                .sorted(Comparator.comparingLong(RunView::startTime).reversed())
                .forEach(run -> byStudy.putIfAbsent(run.tag(Tags.STUDY).orElse(run.name()), run));
        return byStudy;
    }

    private void list(Map<String, RunView> summaries, PrintWriter out, ArrayNode studies) {
        if (summaries.isEmpty()) out.println("The experiment '" + experiment + "' has no study yet.");
        summaries.entrySet().stream().limit(LISTED).forEach(study -> {
            Map<String, String> params = study.getValue().params();
            out.printf(
                    "%-9s %s  (%s on %s)%n",
                    status(study.getValue()),
                    study.getKey(),
                    params.getOrDefault("model", "?"),
                    params.getOrDefault("datasets", "?"));
            studies.addObject()
                    .put("study", study.getKey())
                    .put("status", status(study.getValue()))
                    .put("model", params.getOrDefault("model", ""))
                    .put("datasets", params.getOrDefault("datasets", ""));
        });
    }

    private static String status(RunView run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    private Map<String, RunView> chosen(Map<String, RunView> summaries) {
        Map<String, RunView> chosen = new LinkedHashMap<>();
        List<String> mistakes = new ArrayList<>();
        for (String name : studies) {
            List<String> found = summaries.containsKey(name)
                    ? List.of(name)
                    : summaries.keySet().stream()
                            .filter(study -> study.endsWith(name))
                            .toList();
            if (found.size() == 1 && chosen.containsKey(found.get(0))) {
                mistakes.add("The study " + found.get(0) + " is named more than once; name each study once.");
            } else if (found.size() == 1) {
                chosen.put(found.get(0), summaries.get(found.get(0)));
            } else if (found.isEmpty()) {
                mistakes.add("There is no study '" + name + "' in the experiment '" + experiment
                        + "'. Without a name, 'compare' lists those there are.");
            } else {
                mistakes.add("'" + name + "' is the end of several studies' names: " + String.join(", ", found) + ".");
            }
        }
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.USAGE, mistakes);
        return chosen;
    }

    private void compare(Mlflow mlflow, Map<String, RunView> chosen, Links links, PrintWriter out, ObjectNode document)
            throws IOException {
        ArrayNode studies = document.putArray("studies");
        List<Comparison.Study> compared = new ArrayList<>();
        for (Map.Entry<String, RunView> study : chosen.entrySet()) {
            RunView run = study.getValue();
            Map<String, String> addresses = new LinkedHashMap<>();
            addresses.put(
                    "charts",
                    mlflow.views().curves(run.experimentId(), study.getKey()).toString());
            addresses.put("summary", links.run(run.id()).toString());
            Optional<StudyArtifacts> artifacts = StudyArtifacts.fetch(mlflow, run);
            Map<String, String> parameters = parameters(run);
            artifacts.ifPresent(found -> parameters.putAll(found.measuredWith()));
            compared.add(new Comparison.Study(
                    study.getKey(),
                    run.params().getOrDefault("model", "?") + ", " + status(run),
                    addresses,
                    parameters,
                    StudyRows.of(mlflow, run, artifacts)));
            StudyDocument.fill(studies.addObject(), compared.get(compared.size() - 1), status(run));
        }
        Comparison comparison = new Comparison(compared);
        out.print(comparison.text(TerminalWidth.ofOutput()));
        if (chosen.size() > 1) {
            List<String> ids = chosen.values().stream().map(RunView::id).toList();
            out.println("\nSide by side: " + links.compare(ids));
            document.put("side_by_side", links.compare(ids).toString());
        }
        if (html != null) {
            write(html, comparison.html());
            out.println("\nWritten: " + html);
            document.put("html", html.toString());
        }
    }

    /** The experiment's parameters in the schema's order. Whether finished results were used changes none of them. */
    private static Map<String, String> parameters(RunView run) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : new SpecSchema().names()) {
            String value = run.params().get(name);
            if (value != null && !name.equals("fresh")) parameters.put(name, value);
        }
        return parameters;
    }

    private static void write(Path file, String page) {
        try {
            Files.writeString(file, page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw UserException.usage(
                    "--html: " + file + " cannot be written (" + e.getMessage() + "). Its folder must exist.");
        }
    }
}
