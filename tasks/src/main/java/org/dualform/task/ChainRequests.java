package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.ChainDescription;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Step;
import org.dualform.contract.chain.StepInput;
import org.dualform.contract.chain.Trigger;

/**
 * The requests of one study's tasks. Ask for a step's request, run it, and {@link #keep} its result: the inputs of later
 * steps are found among the results kept.
 *
 * <pre>{@code
 * ChainRequests requests = new ChainRequests(ChainFile.read(), workspace, false);
 * Step plan = requests.chain().step("plan");
 * Result.Item study = requests.study(parameters);
 * requests.keep(plan, study, executor.run(requests.of(plan, study).orElseThrow()));
 * List<Result.Item> cells = requests.items(Scope.CELL);
 * }</pre>
 */
public final class ChainRequests {
    private static final String STUDY = "study";

    private final ChainDescription chain;
    private final Path workspace;
    private final boolean fresh;
    private final Map<String, List<Result.Item>> expand = new HashMap<>();
    /** Results by the step's name and the item's id. */
    private final Map<String, Map<String, Result>> results = new HashMap<>();

    /**
     * @param workspace the folder that all tasks share
     * @param fresh compute even where a finished result of equal content exists
     */
    public ChainRequests(ChainDescription chain, Path workspace, boolean fresh) {
        this.chain = chain;
        this.workspace = workspace.toAbsolutePath().normalize();
        this.fresh = fresh;
    }

    public ChainDescription chain() {
        return chain;
    }

    /** The item of a step that runs once in the study. */
    public Result.Item study(ObjectNode parameters) {
        return new Result.Item(STUDY, "", parameters, null, null);
    }

    /** The plan's items for the steps of a scope; none before the plan's result is kept. */
    public List<Result.Item> items(Scope scope) {
        return expand.getOrDefault(chain.lists().getOrDefault(scope, ""), List.of());
    }

    /** Takes lists of items as those of the plan. */
    public void expand(Map<String, List<Result.Item>> items) {
        expand.putAll(items);
    }

    /** Keeps a task's result, so that later steps find their inputs in it. */
    public void keep(Step step, Result.Item item, Result result) {
        if (result.expand() != null) expand(result.expand());
        results.computeIfAbsent(step.name(), name -> new HashMap<>()).put(item.id(), result);
    }

    /** A step's result for an item; empty if the step did not run, failed or was skipped. */
    public Optional<Result> done(Step step, Result.Item item) {
        return done(step.name(), item.id());
    }

    /** The result of a step that runs once in the study; empty as for {@link #done}. */
    public Optional<Result> result(String step) {
        return done(step, STUDY);
    }

    /**
     * The request of a step.
     *
     * @param item one of {@link #items} of the step's scope, or {@link #study}
     * @return empty if the step cannot run, because something that it needs was not made
     */
    public Optional<Request> of(Step step, Result.Item item) {
        Map<String, Reference> inputs = new TreeMap<>();
        for (Map.Entry<String, StepInput> named : step.inputs().entrySet()) {
            StepInput input = named.getValue();
            for (Instance instance : instances(named.getKey(), input, step, item)) {
                Optional<Result> made = done(input.step(), instance.item());
                if (made.isEmpty() && step.trigger() == Trigger.ALL_SUCCESS) return Optional.empty();
                Optional<Reference> file = made.flatMap(result -> output(result, input));
                if (file.isPresent()) inputs.put(instance.input(), file.get());
                else if (!input.optional() && !input.collected()) return Optional.empty();
            }
        }
        ObjectNode parameters = item.parameters().deepCopy().setAll(step.parameters());
        return Optional.of(
                new Request(Request.SCHEMA, step.kind(), null, null, parameters, inputs, workspace.toString(), fresh));
    }

    /** One instance of an earlier step: the item it ran on, and the input that its output becomes. */
    private record Instance(String input, String item) {}

    /** The instances that an input stands for; empty if the item names no instance under {@code uses}. */
    private List<Instance> instances(String name, StepInput input, Step reader, Result.Item item) {
        Step source = chain.step(input.step());
        List<Result.Item> mapped = items(source.scope());
        if (input.collected()) {
            return mapped.stream()
                    .map(each -> new Instance(name + "." + each.id(), each.id()))
                    .toList();
        }
        if (source.scope() == reader.scope()) return List.of(new Instance(name, item.id()));
        if (source.scope() == Scope.STUDY) return List.of(new Instance(name, STUDY));
        Integer used = item.uses() == null ? null : item.uses().get(source.name());
        return used == null
                ? List.of()
                : List.of(new Instance(name, mapped.get(used).id()));
    }

    private Optional<Result> done(String step, String item) {
        return Optional.ofNullable(results.getOrDefault(step, Map.of()).get(item))
                .filter(result -> result.status() != Result.Status.SKIPPED);
    }

    private static Optional<Reference> output(Result result, StepInput input) {
        Reference reference = result.outputs().get(input.output());
        if (reference == null && !input.optional())
            throw new IllegalStateException(result.kind() + " made no " + input.output());
        return Optional.ofNullable(reference);
    }
}
