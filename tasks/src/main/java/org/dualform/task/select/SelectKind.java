package org.dualform.task.select;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.RateSelection;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arms;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.Choice;
import org.dualform.task.file.Parameters;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.source.ModelFacts;

/**
 * Chooses the learning rate of a model on a data set, or passes on one that is given; lets each method choose seed, order
 * and template; measures both methods on training rows that are never demonstrations, at every shot count.
 */
public final class SelectKind implements TaskKind {
    static final String RATE = "learning_rate";
    /** A {@link SelectionCurve}; absent when no training row is left. */
    public static final String CURVE = "curve";

    @Override
    public String name() {
        return "select";
    }

    @Override
    public int algorithmVersion() {
        return 6;
    }

    @Override
    public Set<String> parameters() {
        return Set.of(
                Parameters.MODEL,
                Parameters.DATASET,
                Parameters.TEMPLATE,
                Parameters.DESCRIPTION,
                Parameters.TEMPLATES,
                Parameters.SEEDS,
                Parameters.ORDERS,
                Parameters.SELECT,
                Parameters.SELECT_ON,
                Parameters.ARM,
                Parameters.LABELS,
                Parameters.MODEL_VARIANT,
                Parameters.TUNING,
                Parameters.SHOTS,
                Parameters.METHODS,
                Parameters.LIMIT,
                Parameters.SPLIT,
                Parameters.ROWS,
                Parameters.FIRST_ROWS,
                Parameters.LEARNING_RATE,
                Parameters.PASSES,
                Parameters.THREADS,
                Parameters.DEVICE,
                Parameters.CHUNK_ROWS,
                Parameters.DTYPE,
                Parameters.RESERVE_TOKENS);
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        Parameters parameters = new Parameters(context.parameters());
        OptionalDouble given = parameters.learningRate();
        boolean tunes = parameters.asks(Method.FT);
        boolean main = parameters.text(Parameters.ARM).equals(Arms.MAIN);
        boolean choosesRate = tunes && given.isEmpty();
        ObjectNode selection = Json.mapper().createObjectNode();
        if (!tunes) selection.put("how", "no fine-tuning was asked for").putNull(RATE);
        else if (given.isPresent()) selection.put("how", "given").put(RATE, given.getAsDouble());
        if (!main && !choosesRate) return outcome(context, selection, List.of());

        List<String> sentences = new ArrayList<>();
        try (ModelFacts facts = ModelFacts.read(Models.checked(parameters.model(), context.hashes()));
                Models.Lease lease = context.models().open(parameters, context.hashes())) {
            Dataset dataset = CellPrompts.dataset(parameters);
            List<LabelledRow> training = SelectionRows.training(parameters, dataset, facts);
            List<LabelledRow> rows =
                    parameters.selectsOnReported() ? CellPrompts.evaluated(parameters, dataset) : training;
            boolean chooses = choosesRate || !parameters.select().isEmpty();
            if (rows.isEmpty() && chooses) throw nothingToChooseOn(dataset);
            if (chooses)
                selection.put("on", parameters.text(Parameters.SELECT_ON)).put("n", rows.size());
            if (choosesRate) {
                PromptSet prompts = prompts(parameters, dataset, rows, facts);
                RateSelection.Selection rate = rate(context, parameters, prompts, lease.model());
                put(selection, rate);
                sentences.add(sentence(rate, where(parameters)));
            }
            if (!parameters.select().isEmpty()) {
                new CandidateSelection(
                                parameters,
                                dataset,
                                rows,
                                facts,
                                lease.model(),
                                selection.path(RATE).asDouble(Double.NaN),
                                context.progress())
                        .choose()
                        .forEach((method, chosen) -> {
                            put(selection, method, chosen);
                            sentences.add(sentence(method, chosen.choice(), where(parameters)));
                        });
            }
            // With no training row left the rest goes on without curves.
            if (main && !training.isEmpty()) {
                PromptSet prompts = prompts(parameters, dataset, training, facts);
                selection.set(CURVE, Json.mapper().valueToTree(curve(context, selection, prompts, lease.model())));
            }
        }
        return outcome(context, selection, sentences);
    }

    /** The first seed's demonstrations in the first order and template; what is chosen with them serves all. */
    private static PromptSet prompts(Parameters parameters, Dataset dataset, List<LabelledRow> rows, ModelFacts facts) {
        return CellPrompts.assemble(
                parameters,
                dataset,
                parameters.integers(Parameters.SEEDS).get(0),
                parameters.integers(Parameters.ORDERS).get(0),
                rows,
                facts.pieces(),
                facts.positions());
    }

    private static RateSelection.Selection rate(
            TaskContext context, Parameters parameters, PromptSet prompts, LanguageModel model) {
        return new RateSelection(
                        model.decoder(),
                        prompts,
                        parameters.tuning(),
                        parameters.integer(Parameters.PASSES),
                        parameters.integer(Parameters.CHUNK_ROWS))
                .select(
                        model.manager(),
                        parameters.paperGrid() ? RateSelection.PAPER_GRID : RateSelection.GRID,
                        parameters.selectsOnReported()
                                ? RateSelection.Criterion.ACCURACY
                                : RateSelection.Criterion.LIKELIHOOD,
                        context.progress());
    }

    /** Method and shot count are chosen between on training rows, wherever the rate was chosen. */
    private static SelectionCurve curve(
            TaskContext context, ObjectNode selection, PromptSet prompts, LanguageModel model) {
        JsonNode rate = selection.path(RATE);
        return new SelectionCurves(new Parameters(context.parameters()), prompts)
                .measure(
                        model,
                        rate.isNumber() ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty(),
                        context.progress());
    }

    private static void put(ObjectNode selection, RateSelection.Selection chosen) {
        selection.put("how", "chosen").put(RATE, chosen.learningRate());
        selection.set("grid", Json.mapper().valueToTree(chosen.grid()));
        selection.set("untuned", Json.mapper().valueToTree(chosen.untuned()));
        selection
                .put("place", chosen.place().name().toLowerCase(Locale.ROOT))
                .put("shots", chosen.shots())
                .put("passes", chosen.passes());
    }

    private static void put(ObjectNode selection, String method, CandidateSelection.Chosen chosen) {
        selection.withObject("/chosen").set(method, Json.mapper().valueToTree(chosen.choice()));
        selection.withObject("/candidates").set(method, Json.mapper().valueToTree(chosen.tried()));
    }

    private static UserException nothingToChooseOn(Dataset dataset) {
        return UserException.data(
                "No training row of " + dataset.name() + " is left to choose on: all are demonstrations"
                        + " or too long. Give a learning rate and leave select off, or ask for fewer shots, or give more"
                        + " training rows.");
    }

    private static String where(Parameters parameters) {
        return parameters.selectsOnReported() ? "reported rows, as in the paper" : "training rows";
    }

    private static String sentence(String method, Choice choice, String where) {
        return method + " chose " + (choice.seed() == null ? "" : "seed " + choice.seed() + ", ") + "order "
                + choice.order() + ", template " + choice.templateName() + ", on " + where + ".";
    }

    private static String sentence(RateSelection.Selection chosen, String where) {
        String rate = "Learning rate " + chosen.learningRate() + ", chosen on " + chosen.rows() + " " + where;
        return switch (chosen.place()) {
            case INSIDE -> rate + ".";
            case LOWEST -> rate + "; it is the smallest tried, a smaller one might be better.";
            case HIGHEST -> rate + "; it is the largest tried, a larger one might be better.";
            case ALL_DIVERGED ->
                "Fine-tuning diverged at every learning rate tried; the smallest, " + chosen.learningRate()
                        + ", stands in.";
        };
    }

    private static TaskOutcome outcome(TaskContext context, ObjectNode selection, List<String> sentences)
            throws IOException {
        Files.writeString(context.folder().resolve("selection.json"), Json.pretty(selection), StandardCharsets.UTF_8);
        TaskOutcome outcome =
                TaskOutcome.done(Map.of("selection", "selection.json")).with(String.join("\n", sentences));
        boolean chosen = selection.path("how").asText().equals("chosen");
        return chosen ? outcome.withMetric(RATE, selection.path(RATE).doubleValue()) : outcome;
    }
}
