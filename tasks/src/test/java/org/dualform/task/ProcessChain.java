package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;

/** The chain as a workflow engine runs it: every task a process of its own. */
final class ProcessChain {
    private final Path workspace;
    private final Map<String, String> environment;
    private int tasks;

    ProcessChain(Path workspace, Map<String, String> environment) {
        this.workspace = workspace.toAbsolutePath();
        this.environment = environment;
    }

    JsonNode run(ObjectNode experiment) throws Exception {
        Result plan = task("plan", object().set("experiment", experiment), Map.of());
        Map<String, List<Result.Item>> expand = plan.expand();
        Result selection = task("select", expand.get("select").get(0).parameters(), Map.of());
        Map<String, Reference> inputs =
                new TreeMap<>(Map.of("plan", plan.outputs().get("plan")));
        inputs.put(
                "selection." + expand.get("select").get(0).id(),
                selection.outputs().get("selection"));
        for (Result.Item cell : expand.get("cells")) {
            inputs.put("scores." + cell.id(), cell(cell.parameters(), selection));
        }
        Result summary = task("summarise", object(), inputs);
        task(
                "finish",
                object(),
                Map.of(
                        "plan",
                        plan.outputs().get("plan"),
                        "results",
                        summary.outputs().get("results")));
        return Json.mapper()
                .readTree(workspace
                        .resolve(summary.outputs().get("results").path())
                        .toFile());
    }

    private Reference cell(ObjectNode parameters, Result selection) throws Exception {
        Reference prompts = task("prompt", parameters, Map.of()).outputs().get("prompts");
        Result icl = task("infer", parameters.deepCopy().put("method", "icl"), Map.of("prompts", prompts));
        Result tuned = task(
                "finetune",
                parameters,
                Map.of("prompts", prompts, "selection", selection.outputs().get("selection")));
        Result ft = task(
                "infer",
                parameters.deepCopy().put("method", "ft"),
                Map.of(
                        "prompts", prompts,
                        "update", tuned.outputs().get("update"),
                        "training", tuned.outputs().get("training")));
        return task(
                        "score",
                        parameters,
                        Map.of(
                                "prompts", prompts,
                                "icl", icl.outputs().get("predictions"),
                                "ft", ft.outputs().get("predictions")))
                .outputs()
                .get("scores");
    }

    private Result task(String kind, JsonNode json, Map<String, Reference> inputs) throws Exception {
        ObjectNode parameters = (ObjectNode) json;
        Path request = Files.createDirectories(workspace.resolve("requests")).resolve(tasks + ".request.json");
        Path result = request.resolveSibling(tasks++ + ".result.json");
        Files.writeString(
                request,
                Json.pretty(
                        new Request(Request.SCHEMA, kind, null, null, parameters, inputs, workspace.toString(), false)
                                .toJson()));
        Process process = start(kind, request, result);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> log(request)).isZero();
        return Result.parse(Json.mapper().readTree(result.toFile()));
    }

    private static String log(Path request) {
        try {
            return Files.readString(request.resolveSibling(request.getFileName() + ".log"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    Process start(String kind, Path request, Path result) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.dualform.task.TaskMain",
                kind,
                "--request",
                request.toString(),
                "--result",
                result.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(
                request.resolveSibling(request.getFileName() + ".log").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
