package org.dualform.task.select;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.TunedSweep;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.Prediction;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SelectionCurve;
import org.dualform.task.Kinds;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.cell.SelectionRows;
import org.dualform.task.file.RateChoice;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.SelectionNeed;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The choices of a race beside those of measuring every candidate on every row, on all built-in data sets and five
 * seeds: at most one standard error worse, at a quarter of the evaluations.
 */
class RaceAgainstExhaustiveTest {
    private static final String DATASETS = "topics,sentiment,arbitrary,flipped,unlearnable";
    private static final int SEEDS = 5;
    private static final double SHARE = 0.25;

    @TempDir
    Path folder;

    private final Path models =
            Path.of(System.getProperty("dualform.root", ".")).resolve("models");
    private long raced;
    private long exhaustive;

    @Test
    void theChoiceIsAsGoodAtAQuarterOfTheCost() throws Exception {
        try (LanguageModel model = LanguageModel.open(models.resolve("mini"))) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                for (Result.Item item : plan(seed)) {
                    SelectParameters parameters = ParameterReader.read(SelectParameters.class, item.parameters());
                    try (ModelFacts facts = ModelFacts.read(parameters.use().model())) {
                        compare(item.name() + ", seed " + seed, parameters, facts, model);
                    }
                }
            }
        }
        assertThat(exhaustive).isGreaterThan(25L * 2000);
        assertThat((double) raced / exhaustive).isLessThanOrEqualTo(SHARE);
    }

    private List<Result.Item> plan(int seed) {
        Map<String, String> environment =
                Map.of("DUALFORM_MODEL_ROOTS", models.toString(), "DUALFORM_HOME", folder.toString());
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters
                .putObject("experiment")
                .put("model", "mini")
                .put("datasets", DATASETS)
                .put("seeds", Integer.toString(seed))
                .put("limit", 200);
        Result result = new TaskRunner(
                        Kinds.all(environment, 1), Models.ofOneTask(), TaskEvents.none(), new Cancellation())
                .run(new Request(
                        Request.SCHEMA,
                        "plan",
                        null,
                        null,
                        parameters,
                        Map.of(),
                        folder.resolve("w").toString(),
                        false));
        return Objects.requireNonNull(result.expand()).get("select");
    }

    private void compare(String where, SelectParameters parameters, ModelFacts facts, LanguageModel model) {
        CellPrompts prompts = CellPrompts.read(parameters.inputs());
        SelectionSteps.Taken taken = new SelectionSteps(parameters, prompts, facts, model, Progress.none())
                .take(SelectionNeed.of(parameters));
        raced += taken.evaluations();
        List<LabelledRow> rows = SelectionRows.training(parameters, prompts, facts);
        assertThat(rows).hasSize(200);
        PromptSet assembled = prompts.assemble(parameters.seeds().get(0), 0, rows, facts);
        Everything everything = new Everything(model, assembled, parameters);
        double chosen = ((RateChoice.Chosen) taken.file().rate()).selection().learningRate();
        Map<Double, List<Double>> likelihoods = everything.ratesByLikelihood();
        // Neither way may choose a rate whose answers are noise.
        ((RateChoice.Chosen) taken.file().rate())
                .selection().grid().stream()
                        .filter(tried ->
                                tried.stability() != null && tried.stability().unstable())
                        .forEach(tried -> likelihoods.remove(tried.learningRate()));
        assertAsGood(where + ": rate", likelihoods, chosen);
        SelectionCurve curve = Objects.requireNonNull(taken.file().curve());
        SelectionCurve.Point point = curve.best(java.util.Set.of(1, 2, 4, 8)).orElseThrow();
        assertAsGood(
                where + ": shots",
                everything.pointsByAccuracy(chosen),
                point.method().id() + point.shots());
        exhaustive += everything.evaluations;
    }

    private static <C> void assertAsGood(String what, Map<C, List<Double>> scores, C chosen) {
        List<Double> best = scores.values().stream()
                .max(java.util.Comparator.comparingDouble(RaceAgainstExhaustiveTest::mean))
                .orElseThrow();
        double mean = mean(best);
        double variance =
                best.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / (best.size() - 1);
        double lost = mean - mean(Objects.requireNonNull(scores.get(chosen)));
        assertThat(lost).as(what).isLessThanOrEqualTo(Math.sqrt(variance / best.size()) + 1e-9);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(x -> x).average().orElseThrow();
    }

    /** Every candidate on every row. */
    private static final class Everything {
        private final LanguageModel model;
        private final PromptSet prompts;
        private final SelectParameters parameters;
        private final ShotSweep sweep;
        private final List<Integer> counts;
        private long evaluations;

        Everything(LanguageModel model, PromptSet prompts, SelectParameters parameters) {
            this.model = model;
            this.prompts = prompts;
            this.parameters = parameters;
            this.sweep = new ShotSweep(prompts);
            this.counts =
                    prompts.distinctTrueShots().stream().filter(k -> k > 0).toList();
        }

        Map<Double, List<Double>> ratesByLikelihood() {
            Map<Double, List<Double>> found = new TreeMap<>();
            evaluations += prompts.queries().size(); // without training
            for (double rate : parameters.rates()) {
                tuned(rate, List.of(prompts.demonstrations().size()))
                        .values()
                        .forEach(predictions -> found.put(
                                rate,
                                predictions.stream()
                                        .map(p -> p.scores().get(p.gold()))
                                        .toList()));
            }
            return found;
        }

        Map<String, List<Double>> pointsByAccuracy(double rate) {
            Map<String, List<Double>> found = new TreeMap<>();
            sweep.run(model.manager(), model.decoder(), counts, "icl", Progress.none())
                    .shots()
                    .forEach((k, shot) -> found.put(ScoredMethod.ICL.id() + k, right(shot.predictions())));
            evaluations += (long) counts.size() * prompts.queries().size();
            tuned(rate, counts).forEach((k, predictions) -> found.put(ScoredMethod.FT.id() + k, right(predictions)));
            return found;
        }

        private Map<Integer, List<Prediction>> tuned(double rate, List<Integer> shots) {
            FineTuning tuner = new FineTuning(model.decoder(), parameters.tuning(), parameters.passes(), prompts);
            Map<Integer, List<Prediction>> found = new TreeMap<>();
            try (NDManager owner = model.manager().newSubManager()) {
                WeightUpdate update =
                        tuner.train(owner, shots, rate, Progress.none()).update();
                if (update.shots().isEmpty()) return found;
                new TunedSweep(sweep)
                        .run(owner, model.decoder(), update, update.shots(), "ft", Progress.none())
                        .shots()
                        .forEach((k, shot) -> found.put(k, shot.predictions()));
            }
            evaluations += (long) found.size() * prompts.queries().size();
            found.values().removeIf(predictions -> !predictions.stream().allMatch(Prediction::defined));
            return found;
        }

        private static List<Double> right(List<Prediction> predictions) {
            List<Double> right = new ArrayList<>();
            predictions.forEach(p -> right.add(p.predicted() == p.gold() ? 1. : 0.));
            return right;
        }
    }
}
