package org.dualform.task.cell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.prompt.PromptSet;
import org.dualform.score.cell.CellRun;
import org.dualform.score.cell.CellScorer;
import org.dualform.score.cell.CellScores;
import org.dualform.score.cell.RecordedSimilarities;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.FittedShots;
import org.dualform.score.similarity.Baseline;
import org.dualform.score.similarity.CellRecords;
import org.dualform.score.similarity.Similarities;
import org.dualform.score.similarity.SimilarityTable;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Arms;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.SelectOn;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.file.SelectionFile;
import org.dualform.task.parameters.ScoreParameters;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.ComparisonTracking;
import org.jspecify.annotations.Nullable;

/** Scores a cell from the predictions of its methods. A method whose task failed is missing from the rows. */
public final class ScoreKind implements TaskKind<ScoreParameters> {
    public static final String ICL_RECORDS = "icl_records";
    public static final String FT_RECORDS = "ft_records";
    public static final String TRAINING_RECORDS = "training_records";

    @Override
    public String name() {
        return "score";
    }

    @Override
    public int algorithmVersion() {
        return 5;
    }

    @Override
    public Class<ScoreParameters> parameters() {
        return ScoreParameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new ComparisonTracking(study, parameters);
    }

    @Override
    public TaskOutcome run(TaskContext context, ScoreParameters parameters) throws IOException {
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        Optional<PredictionsFile> icl = predictions(context, "icl");
        Optional<PredictionsFile> ft = predictions(context, "ft");
        CellScores scores = CellScorer.score(cellRun(parameters, prompts, icl, ft, similarities(context, parameters)))
                .withChoice(chosen(context, parameters), selectedOn(parameters));
        Files.writeString(
                context.folder().resolve("scores.json"),
                Json.pretty(Json.mapper().valueToTree(scores)),
                StandardCharsets.UTF_8);
        return TaskOutcome.done(Map.of("scores", "scores.json"))
                .withMetric("rows", (double) scores.rows().size());
    }

    /** The methods that chose this cell; null if nothing is chosen, or if this cell is no candidate. */
    private static @Nullable List<ScoredMethod> chosen(TaskContext context, ScoreParameters parameters)
            throws IOException {
        Optional<Path> file = context.optionalInput(SelectionFile.OUTPUT);
        if (parameters.select().isEmpty() || file.isEmpty()) return null;
        if (!parameters.arm().equals(Arms.MAIN)) return null;
        return SelectionFile.read(file.get()).chosen().entrySet().stream()
                .filter(choice -> choice.getValue()
                        .fits(
                                parameters.seed(),
                                parameters.order(),
                                parameters.template().sha256()))
                .map(choice -> choice.getKey().id())
                .sorted()
                .map(ScoredMethod::of)
                .toList();
    }

    /** The rows on which a choice was made that affects this cell; null if there was none. */
    private static @Nullable String selectedOn(ScoreParameters parameters) {
        boolean rate = parameters.methods().contains(Method.FT)
                && parameters.learningRate().given().isEmpty();
        if (parameters.selectOn() == SelectOn.NONE) return null;
        return rate || !parameters.select().isEmpty() ? parameters.selectOn().id() : null;
    }

    private static Optional<PredictionsFile> predictions(TaskContext context, String name) throws IOException {
        Optional<Path> file = context.optionalInput(name);
        return file.isEmpty() ? Optional.empty() : Optional.of(PredictionsFile.read(file.get()));
    }

    private static CellRun cellRun(
            ScoreParameters parameters,
            PromptSet prompts,
            Optional<PredictionsFile> icl,
            Optional<PredictionsFile> ft,
            @Nullable RecordedSimilarities similarities) {
        List<FittedShots> shots = prompts.shots().stream()
                .map(count -> new FittedShots(count.requested(), count.trueShots(), count.contextTokens()))
                .sorted(Comparator.comparingInt(FittedShots::shots))
                .toList();
        Map<Integer, Integer> trueShots = new TreeMap<>();
        for (PromptSet.ShotCount count : prompts.shots()) trueShots.put(count.requested(), count.trueShots());
        Set<ScoredMethod> asked = EnumSet.noneOf(ScoredMethod.class);
        for (Method method : parameters.methods()) asked.add(ScoredMethod.of(method.id()));
        return new CellRun(
                parameters.cell(),
                new CellId(
                        parameters.model().name(),
                        parameters.dataset().name(),
                        parameters.seed(),
                        parameters.order(),
                        parameters.arm(),
                        parameters.template().name()),
                learningRate(parameters, ft),
                parameters.recordPosition().id(),
                shots,
                facts(parameters, prompts),
                asked,
                MethodRuns.of(icl, ft, trueShots, parameters.calibrated()),
                similarities);
    }

    /**
     * The similarities; null if one of the three records is missing because its task failed, diverged or was not
     * requested.
     */
    private static @Nullable RecordedSimilarities similarities(TaskContext context, ScoreParameters parameters)
            throws IOException {
        Optional<Path> icl = context.optionalInput(ICL_RECORDS);
        Optional<Path> ft = context.optionalInput(FT_RECORDS);
        Optional<Path> training = context.optionalInput(TRAINING_RECORDS);
        if (icl.isEmpty() || ft.isEmpty() || training.isEmpty()) return null;
        context.progress().at("similarities", 0, 1);
        CellRecords records = CellRecords.open(icl.get(), ft.get(), training.get());
        SimilarityTable table = Similarities.measure(records, baselines(parameters));
        context.progress().at("similarities", 1, 1);
        return new RecordedSimilarities(records.shots(), table);
    }

    private static Set<Baseline> baselines(ScoreParameters parameters) {
        return Baseline.named(
                parameters.baselines().stream().map(BaselineChoice::id).toList());
    }

    /** The share of demonstrations whose label a control changed, if it changes labels. */
    private static Map<Integer, Map<String, Double>> facts(ScoreParameters parameters, PromptSet prompts) {
        Map<Integer, Map<String, Double>> facts = new TreeMap<>();
        if (parameters.labels().equals(Arm.Labels.GOLD)) return facts;
        for (PromptSet.ShotCount count : prompts.shots()) {
            if (count.trueShots() > 0)
                facts.put(
                        count.requested(),
                        Map.of(
                                MetricName.of(Quantity.LABELS_CHANGED).text(),
                                prompts.changedLabels(count.trueShots())));
        }
        return facts;
    }

    /** The learning rate of the training. Without a training it is the requested rate, if that is a number. */
    private static @Nullable Double learningRate(ScoreParameters parameters, Optional<PredictionsFile> ft) {
        if (!parameters.methods().contains(Method.FT)) return null;
        if (ft.isPresent()) return ft.get().header().learningRate();
        OptionalDouble given = parameters.learningRate().given();
        return given.isPresent() ? given.getAsDouble() : null;
    }
}
