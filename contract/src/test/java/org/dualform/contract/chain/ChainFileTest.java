package org.dualform.contract.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.Schemas;
import org.junit.jupiter.api.Test;

/** Tests the chain's description against its schema, and against requests and results of real tasks. */
class ChainFileTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("dualform.root", "..")).resolve("contract/examples");

    private final ChainDescription chain = ChainFile.read();

    @Test
    void keepsItsSchema() throws IOException {
        JsonNode json =
                Json.mapper().readTree(EXAMPLES.resolveSibling("chain.json").toFile());
        assertThat(Schemas.CHAIN.mistakes(json)).isEmpty();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Step prompt = chain.step("prompt");
        assertThat(prompt.title()).isEqualTo("prompt");
        assertThat(prompt.trigger()).isEqualTo(Trigger.ALL_SUCCESS);
        assertThat(prompt.inputs()).isEmpty();
        assertThat(chain.step("finish").outputs()).isEmpty();
        assertThat(chain.step("infer_ft").inputs().get("update"))
                .isEqualTo(new StepInput("finetune", "update", false, false));
    }

    @Test
    void neighboursOfOneScopeAreAStage() {
        assertThat(chain.stages())
                .extracting(stage -> stage.steps().stream().map(Step::name).toList())
                .containsExactly(
                        List.of("plan"),
                        List.of("select"),
                        List.of("prompt", "infer_icl", "finetune", "infer_ft", "score"),
                        List.of("summarise", "finish"));
        assertThat(chain.stages())
                .extracting(Stage::scope)
                .containsExactly(Scope.STUDY, Scope.SELECT, Scope.CELL, Scope.STUDY);
    }

    /** The examples are files of a study; each step's has the inputs and outputs that the chain names. */
    @Test
    void agreesWithTheExamples() throws IOException {
        List<String> seen = new ArrayList<>();
        for (Path file : examples(".request.json")) {
            Request request = Request.parse(Json.mapper().readTree(file.toFile()));
            for (Step step : chain.steps()) {
                if (!runs(step, request)) continue;
                seen.add(step.name());
                assertThat(step.inputs().keySet())
                        .as(file + ": inputs")
                        .containsAll(request.inputs().keySet().stream()
                                .map(name -> name.replaceFirst("\\..*", ""))
                                .toList());
                Path answered = Path.of(file.toString().replace(".request.", ".result."));
                Result result = Result.parse(Json.mapper().readTree(answered.toFile()));
                result.outputs()
                        .forEach((name, reference) -> assertThat(nameOf(reference))
                                .as(file + ": output " + name)
                                .isEqualTo(step.outputs().get(name)));
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        chain.steps().stream().map(Step::name).toList());
    }

    private static boolean runs(Step step, Request request) {
        JsonNode fixed = request.parameters().deepCopy();
        for (Map.Entry<String, JsonNode> parameter : step.parameters().properties())
            if (!parameter.getValue().equals(fixed.path(parameter.getKey()))) return false;
        return step.kind().equals(request.kind());
    }

    private static String nameOf(Reference reference) {
        return Path.of(reference.path()).getFileName().toString();
    }

    private static List<Path> examples(String end) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    @Test
    void everyKindOfARequestIsAStepButTheOneThatMakesModels() {
        TreeSet<String> kinds =
                new TreeSet<>(List.of("plan", "select", "prompt", "infer", "finetune", "score", "summarise", "finish"));
        assertThat(chain.steps()).extracting(Step::kind).containsAll(kinds).isSubsetOf(kinds);
    }

    @Test
    void aStepReadsOnlyWhatAnEarlierOneMakes() {
        Step plan = step("plan", Scope.STUDY, Map.of(), Map.of("plan", "plan.json"));
        StepInput read = new StepInput("plan", "plan", false, false);
        Step good = step("cell", Scope.CELL, Map.of("plan", read), Map.of("scores", "scores.json"));
        assertThat(chain(plan, good).step("cell")).isEqualTo(good);
        assertThatThrownBy(() -> chain(good, plan)).hasMessageContaining("no earlier step is called plan");
        StepInput unknown = new StepInput("plan", "plans", false, false);
        assertThatThrownBy(() -> chain(plan, step("cell", Scope.CELL, Map.of("plan", unknown), Map.of())))
                .hasMessageContaining("plan makes no plans");
        StepInput one = new StepInput("cell", "scores", false, false);
        assertThatThrownBy(() -> chain(plan, good, step("summary", Scope.STUDY, Map.of("scores", one), Map.of())))
                .hasMessageContaining("collected");
        assertThatThrownBy(() -> chain(plan).step("plans")).hasMessageContaining("no step plans");
    }

    private static ChainDescription chain(Step... steps) {
        return new ChainDescription(Map.of(Scope.CELL, "cells"), List.of(steps));
    }

    private static Step step(String name, Scope scope, Map<String, StepInput> inputs, Map<String, String> outputs) {
        return new Step(
                name,
                name,
                name,
                scope,
                JsonNodeFactory.instance.objectNode(),
                Trigger.ALL_DONE,
                new LinkedHashMap<>(inputs),
                outputs);
    }
}
