package org.dualform.task.cell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.prompt.PromptSet;
import org.dualform.score.cell.CellRun;
import org.dualform.score.cell.CellScorer;
import org.dualform.score.cell.CellScores;
import org.dualform.score.cell.MethodRun;
import org.dualform.score.cell.RecordedSimilarities;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.similarity.Baseline;
import org.dualform.score.similarity.CellRecords;
import org.dualform.score.similarity.Similarities;
import org.dualform.score.similarity.SimilarityTable;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Arms;
import org.dualform.task.file.Choice;
import org.dualform.task.file.Parameters;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.ComparisonTracking;
import org.jspecify.annotations.Nullable;

/** Scores a cell from what its methods predicted; a method whose task failed is missing from the rows. */
public final class ScoreKind implements TaskKind {
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
    public Set<String> parameters() {
        return Set.of(
                Parameters.CELL,
                Parameters.MODEL,
                Parameters.DATASET,
                Parameters.TEMPLATE,
                Parameters.SEED,
                Parameters.ORDER,
                Parameters.ARM,
                Parameters.LABELS,
                Parameters.CALIBRATED,
                Parameters.SHOTS,
                Parameters.METHODS,
                Parameters.LEARNING_RATE,
                Parameters.SELECT,
                Parameters.SELECT_ON,
                Parameters.RECORD,
                Parameters.BASELINES,
                Parameters.RECORD_POSITION);
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new ComparisonTracking(study, parameters);
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        Parameters parameters = new Parameters(context.parameters());
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

    /** The methods that chose this cell; null where nothing is chosen, or this is no candidate. */
    private static @Nullable List<ScoredMethod> chosen(TaskContext context, Parameters parameters) throws IOException {
        Optional<Path> file = context.optionalInput("selection");
        if (parameters.select().isEmpty() || file.isEmpty()) return null;
        if (!parameters.text(Parameters.ARM).equals(Arms.MAIN)) return null;
        return Choice.readAll(file.get()).entrySet().stream()
                .filter(choice -> choice.getValue()
                        .fits(
                                parameters.integer(Parameters.SEED),
                                parameters.integer(Parameters.ORDER),
                                parameters.template().sha256()))
                .map(choice -> ScoredMethod.of(choice.getKey()))
                .toList();
    }

    /** On which rows something was chosen that bears on this cell. */
    private static @Nullable String selectedOn(Parameters parameters) {
        boolean rate = parameters.asks(Method.FT) && parameters.learningRate().isEmpty();
        return rate || !parameters.select().isEmpty() ? parameters.text(Parameters.SELECT_ON) : null;
    }

    private static Optional<PredictionsFile> predictions(TaskContext context, String name) throws IOException {
        Optional<Path> file = context.optionalInput(name);
        return file.isEmpty() ? Optional.empty() : Optional.of(PredictionsFile.read(file.get()));
    }

    private static CellRun cellRun(
            Parameters parameters,
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
        boolean calibrated = parameters.flag(Parameters.CALIBRATED);
        Set<ScoredMethod> asked = EnumSet.noneOf(ScoredMethod.class);
        for (Method method : Method.values()) if (parameters.asks(method)) asked.add(ScoredMethod.of(method.id()));
        Map<ScoredMethod, MethodRun> runs = new EnumMap<>(ScoredMethod.class);
        zeroShot(icl, ft, calibrated).ifPresent(run -> runs.put(ScoredMethod.ZSL, run));
        icl.ifPresent(file -> runs.put(ScoredMethod.ICL, methodRun(file, trueShots, calibrated)));
        ft.ifPresent(file -> runs.put(ScoredMethod.FT, methodRun(file, trueShots, calibrated)));
        return new CellRun(
                parameters.text(Parameters.CELL),
                new CellId(
                        parameters.model().name(),
                        parameters.dataset().name(),
                        parameters.integer(Parameters.SEED),
                        parameters.integer(Parameters.ORDER),
                        parameters.text(Parameters.ARM),
                        parameters.template().name()),
                learningRate(parameters, ft),
                parameters.text(Parameters.RECORD_POSITION),
                shots,
                facts(parameters, prompts),
                asked,
                runs,
                similarities);
    }

    /** Null where one of the three records is missing: its task failed, diverged or was not asked for. */
    private static @Nullable RecordedSimilarities similarities(TaskContext context, Parameters parameters)
            throws IOException {
        Optional<Path> icl = context.optionalInput(ICL_RECORDS);
        Optional<Path> ft = context.optionalInput(FT_RECORDS);
        Optional<Path> training = context.optionalInput(TRAINING_RECORDS);
        if (icl.isEmpty() || ft.isEmpty() || training.isEmpty()) return null;
        context.progress().at("similarities", 0, 1);
        CellRecords records = CellRecords.open(icl.get(), ft.get(), training.get());
        SimilarityTable table = Similarities.measure(records, Baseline.named(parameters.texts(Parameters.BASELINES)));
        context.progress().at("similarities", 1, 1);
        return new RecordedSimilarities(records.shots(), table);
    }

    /** Where a control changes labels: the share of demonstrations whose label it changed. */
    private static Map<Integer, Map<String, Double>> facts(Parameters parameters, PromptSet prompts) {
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

    /** The rate trained with; where training is missing, the one asked for, if a number was. */
    private static @Nullable Double learningRate(Parameters parameters, Optional<PredictionsFile> ft) {
        if (!parameters.asks(Method.FT)) return null;
        if (ft.isPresent()) return ft.get().header().learningRate();
        return parameters.learningRate().isPresent() ? parameters.learningRate().getAsDouble() : null;
    }

    /** Zero-shot comes with icl; with ft alone it comes from there. */
    private static Optional<MethodRun> zeroShot(
            Optional<PredictionsFile> icl, Optional<PredictionsFile> ft, boolean calibrated) {
        return Stream.of(icl, ft)
                .flatMap(Optional::stream)
                .filter(file -> file.shots().containsKey(0))
                .findFirst()
                .map(file -> methodRun(file, Map.of(0, 0), calibrated));
    }

    /** From true shot counts to requested ones. */
    private static MethodRun methodRun(PredictionsFile file, Map<Integer, Integer> trueShots, boolean calibrated) {
        Map<Integer, List<ExampleOutcome>> scored =
                file.answers().scored(calibrated).outcomes();
        Map<Integer, List<ExampleOutcome>> outcomes = new HashMap<>();
        Map<Integer, Map<String, Double>> costs = new HashMap<>();
        Integer divergedAt = null;
        for (Map.Entry<Integer, Integer> shots : trueShots.entrySet()) {
            int fit = shots.getValue();
            if (file.shots().containsKey(fit)) {
                if (!scored.containsKey(fit)) throw notCalibrated(fit);
                outcomes.put(shots.getKey(), scored.get(fit));
            }
            costs.put(shots.getKey(), file.header().costs().getOrDefault(fit, Map.of()));
            if (divergedAt == null) divergedAt = file.header().diverged().get(fit);
        }
        return new MethodRun(outcomes, costs, divergedAt);
    }

    private static UserException notCalibrated(int trueShots) {
        return UserException.data("Scores cannot be calibrated at " + trueShots + " demonstrations: no content-free"
                + " input fits the context, or none has finite scores. Leave the arm calibrated off, or ask for"
                + " fewer shots.");
    }
}
