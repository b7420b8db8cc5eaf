package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.data.Dataset;
import org.dualform.data.Row;
import org.dualform.data.RowChoice;
import org.dualform.finetune.RateSelection;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.score.SelectionCurve;
import org.dualform.spec.Arm;
import org.dualform.spec.Method;
import org.dualform.spec.ModelVariant;
import org.dualform.spec.Tuning;

/**
 * Chooses the learning rate of a model on a data set, or passes on one that is given; measures both methods on the rows it
 * chooses by, at every shot count.
 */
final class SelectKind implements TaskKind {
    static final String RATE = "learning_rate";
    /** A {@link SelectionCurve}; absent when no training row is left. */
    static final String CURVE = "curve";

    @Override
    public String name() {
        return "select";
    }

    @Override
    public int algorithmVersion() {
        return 4;
    }

    @Override
    public Set<String> parameters() {
        return Set.of(
                Parameters.MODEL,
                Parameters.DATASET,
                Parameters.TEMPLATE,
                Parameters.DESCRIPTION,
                Parameters.SEEDS,
                Parameters.LABELS,
                Parameters.MODEL_VARIANT,
                Parameters.TUNING,
                Parameters.SHOTS,
                Parameters.METHODS,
                Parameters.LIMIT,
                Parameters.SPLIT,
                Parameters.FIRST_ROWS,
                Parameters.LEARNING_RATE,
                Parameters.PASSES,
                Parameters.THREADS,
                Parameters.DTYPE,
                Parameters.RESERVE_TOKENS);
    }

    @Override
    public Outcome run(TaskContext context) throws IOException {
        Parameters parameters = new Parameters(context.parameters());
        OptionalDouble given = parameters.learningRate();
        boolean chooses = parameters.asks(Method.FT) && given.isEmpty();
        boolean curves = isMain(parameters);
        if (!chooses && !curves) return outcome(context, passedThrough(parameters));
        PromptSet prompts;
        try (ModelFacts facts = ModelFacts.read(Models.checked(parameters.model(), context.hashes()))) {
            prompts = prompts(parameters, facts);
        }
        // With no row left to choose on, choosing a rate is a mistake; the rest goes on without curves.
        if (prompts.queries().isEmpty() && !chooses) return outcome(context, passedThrough(parameters));
        try (Models.Lease lease = context.models().open(parameters, context.hashes())) {
            LanguageModel model = lease.model();
            if (!chooses) return outcome(context, withCurve(passedThrough(parameters), context, model, prompts, given));
            RateSelection.Selection chosen = new RateSelection(
                            model.decoder(), prompts, parameters.tuning(), parameters.integer(Parameters.PASSES))
                    .select(model.manager(), RateSelection.GRID, context.progress());
            ObjectNode selection = selection(chosen);
            if (curves) withCurve(selection, context, model, prompts, OptionalDouble.of(chosen.learningRate()));
            return outcome(context, selection)
                    .withMetric(RATE, chosen.learningRate())
                    .with(sentence(chosen));
        }
    }

    /** Only the main arm's methods are chosen between. */
    private static boolean isMain(Parameters parameters) {
        return parameters.labels().equals(Arm.Labels.GOLD)
                && parameters.variant() == ModelVariant.TRAINED
                && parameters.tuning().equals(Tuning.STANDARD);
    }

    private static ObjectNode withCurve(
            ObjectNode selection, TaskContext context, LanguageModel model, PromptSet prompts, OptionalDouble rate) {
        Parameters parameters = new Parameters(context.parameters());
        SelectionCurve curve = new SelectionCurves(parameters, prompts)
                .measure(model, parameters.asks(Method.FT) ? rate : OptionalDouble.empty(), context.progress());
        return selection.set(CURVE, Json.mapper().valueToTree(curve));
    }

    /** Trains nothing to choose a rate: there is one, or none is needed. */
    private static ObjectNode passedThrough(Parameters parameters) {
        if (!parameters.asks(Method.FT))
            return selection("no fine-tuning was asked for").putNull(RATE);
        return selection("given").put(RATE, parameters.learningRate().orElseThrow());
    }

    /** As a cell's, but over training rows that are no seed's demonstrations. */
    private static PromptSet prompts(Parameters parameters, ModelFacts facts) {
        Dataset dataset = CellPrompts.dataset(parameters);
        List<Integer> seeds = parameters.integers(Parameters.SEEDS);
        int seed = seeds.get(0);
        PromptSet cell = CellPrompts.assemble(parameters, dataset, seed, 0, facts.pieces(), facts.positions());
        int longest =
                cell.queries().stream().mapToInt(q -> q.ids().length()).max().orElse(0);
        int shots = parameters.integers(Parameters.SHOTS).stream()
                .mapToInt(k -> k)
                .max()
                .orElse(0);
        Template template = parameters.template();
        // Longer rows than those evaluated would leave room for fewer demonstrations.
        List<Row> rows = Dataset.pick(
                        dataset.train(), RowChoice.select(seeds, dataset.train().size(), shots))
                .stream()
                .filter(row -> facts.pieces().encode(template.input(row)).length <= longest)
                .toList();
        return CellPrompts.assemble(parameters, dataset, seed, 0, rows, facts.pieces(), facts.positions());
    }

    private static ObjectNode selection(RateSelection.Selection chosen) {
        ObjectNode selection = selection("chosen").put(RATE, chosen.learningRate());
        selection.set("grid", Json.mapper().valueToTree(chosen.grid()));
        selection.set("untuned", Json.mapper().valueToTree(chosen.untuned()));
        return selection
                .put("place", chosen.place().name().toLowerCase(Locale.ROOT))
                .put("shots", chosen.shots())
                .put("passes", chosen.passes())
                .put("n", chosen.rows());
    }

    private static String sentence(RateSelection.Selection chosen) {
        String rate = "Learning rate " + chosen.learningRate() + ", chosen on " + chosen.rows() + " training rows";
        return switch (chosen.place()) {
            case INSIDE -> rate + ".";
            case LOWEST -> rate + "; it is the smallest tried, a smaller one might be better.";
            case HIGHEST -> rate + "; it is the largest tried, a larger one might be better.";
            case ALL_DIVERGED ->
                "Fine-tuning diverged at every learning rate tried; the smallest, " + chosen.learningRate()
                        + ", stands in.";
        };
    }

    private static ObjectNode selection(String how) {
        return Json.mapper().createObjectNode().put("how", how);
    }

    private static Outcome outcome(TaskContext context, ObjectNode selection) throws IOException {
        Files.writeString(context.folder().resolve("selection.json"), Json.pretty(selection), StandardCharsets.UTF_8);
        return Outcome.done(Map.of("selection", "selection.json"));
    }
}
