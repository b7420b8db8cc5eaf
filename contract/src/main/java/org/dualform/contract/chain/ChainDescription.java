package org.dualform.contract.chain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The chain of tasks that measures a study: which steps there are, when each runs, and which files pass between them.
 * {@link ChainFile#read} reads the only one there is, {@code contract/chain.json}.
 *
 * @param lists the list in the plan's result that holds the items of a step, by how often the step runs
 * @param steps in the order in which they run; each reads from earlier ones only
 */
public record ChainDescription(Map<Scope, String> lists, List<Step> steps) {
    /** @throws IllegalArgumentException if a step reads what no earlier step makes */
    public ChainDescription {
        lists = new EnumMap<>(lists);
        steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) check(steps.get(i), steps.subList(0, i));
    }

    /** @throws IllegalArgumentException if there is no such step */
    public Step step(String name) {
        return find(name, steps).orElseThrow(() -> new IllegalArgumentException("The chain has no step " + name + "."));
    }

    /** The steps, neighbours that run equally often put together. */
    public List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        int begin = 0;
        for (int end = 1; end <= steps.size(); end++) {
            Scope scope = steps.get(begin).scope();
            if (end < steps.size() && steps.get(end).scope() == scope) continue;
            stages.add(new Stage(scope, steps.subList(begin, end)));
            begin = end;
        }
        return List.copyOf(stages);
    }

    private static void check(Step step, List<Step> earlier) {
        step.inputs().forEach((name, input) -> {
            Step source = find(input.step(), earlier)
                    .orElseThrow(() -> wrong(step, name, "no earlier step is called " + input.step()));
            if (!source.outputs().containsKey(input.output()))
                throw wrong(step, name, source.name() + " makes no " + input.output());
            boolean many = step.scope() == Scope.STUDY && source.scope() != Scope.STUDY;
            if (many != input.collected())
                throw wrong(
                        step,
                        name,
                        "an input is collected exactly where a step that runs once reads from one that is mapped");
        });
    }

    private static Optional<Step> find(String name, List<Step> steps) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    private static IllegalArgumentException wrong(Step step, String input, String why) {
        return new IllegalArgumentException("The chain's step " + step.name() + ", input " + input + ": " + why + ".");
    }
}
