package org.dualform.task.select;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Progress;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.HeldOutScore;
import org.dualform.finetune.RateSelection.Criterion;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.Method;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.Choice;
import org.dualform.task.file.Parameters;
import org.dualform.task.source.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * Lets each method choose seed, order and template for itself: the same candidates, the same rows, by accuracy at the
 * largest shot count. A seed that is not chosen is averaged over; an order or template that is not chosen is the first.
 */
final class CandidateSelection {
    /** A candidate, and what it came to on average over the seeds that stand for it. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Tried(
            Choice choice,
            @Nullable Double accuracy,
            @Nullable Double meanLogLikelihood,
            @Nullable String reason) {}

    /** All that a method tried, and its choice; of equals the first. */
    record Chosen(Choice choice, List<Tried> tried) {}

    private final Parameters parameters;
    private final Dataset dataset;
    private final List<LabelledRow> rows;
    private final ModelFacts facts;
    private final LanguageModel model;
    private final double learningRate;
    private final Progress progress;
    private final long total;
    private long done;

    /**
     * @param rows to choose on
     * @param learningRate of fine-tuning; NaN where there is none
     */
    CandidateSelection(
            Parameters parameters,
            Dataset dataset,
            List<LabelledRow> rows,
            ModelFacts facts,
            LanguageModel model,
            double learningRate,
            Progress progress) {
        this.parameters = parameters;
        this.dataset = dataset;
        this.rows = rows;
        this.facts = facts;
        this.model = model;
        this.learningRate = learningRate;
        this.progress = progress;
        int methods = (parameters.asks(Method.ICL) ? 1 : 0) + (parameters.asks(Method.FT) ? 1 : 0);
        total = (long) methods * templates().size() * orders().size() * seeds().size();
    }

    /** By method. */
    Map<String, Chosen> choose() {
        Map<String, Chosen> chosen = new LinkedHashMap<>();
        for (Method method : Method.values()) if (parameters.asks(method)) chosen.put(method.id(), choose(method));
        return chosen;
    }

    private Chosen choose(Method method) {
        List<Tried> tried = new ArrayList<>();
        Tried best = null;
        for (Parameters template : templates()) {
            for (int order : orders()) {
                for (List<Integer> seeds : seedGroups()) {
                    Tried next = average(method, template, order, seeds);
                    tried.add(next);
                    if (best == null || score(next).isBetterThan(score(best), Criterion.ACCURACY)) best = next;
                }
            }
        }
        if (best == null) throw new IllegalStateException("no candidates");
        return new Chosen(best.choice(), List.copyOf(tried));
    }

    private Tried average(Method method, Parameters template, int order, List<Integer> seeds) {
        double accuracy = 0;
        double likelihood = 0;
        String reason = null;
        for (int seed : seeds) {
            HeldOutScore score = measured(method, template, order, seed);
            Double share = score.accuracy();
            Double log = score.meanLogLikelihood();
            if (share == null || log == null) reason = score.reason();
            else {
                accuracy += share / seeds.size();
                likelihood += log / seeds.size();
            }
        }
        Choice choice = new Choice(
                chooses("seed") ? seeds.get(0) : null,
                order,
                template.template().sha256(),
                template.template().name());
        return reason == null ? new Tried(choice, accuracy, likelihood, null) : new Tried(choice, null, null, reason);
    }

    private HeldOutScore measured(Method method, Parameters template, int order, int seed) {
        PromptSet prompts =
                CellPrompts.assemble(template, dataset, seed, order, rows, facts.pieces(), facts.positions());
        progress.at("choosing", done++, total);
        int shots = prompts.demonstrations().size();
        ShotSweep sweep = new ShotSweep(prompts, parameters.integer(Parameters.CHUNK_ROWS));
        if (method == Method.ICL)
            return HeldOutScore.of(model.manager(), model.decoder(), sweep, shots, Progress.none());
        var tuner =
                new FineTuning(model.decoder(), parameters.tuning(), parameters.integer(Parameters.PASSES), prompts);
        return HeldOutScore.tuned(model.manager(), model.decoder(), tuner, sweep, learningRate, Progress.none());
    }

    private static HeldOutScore score(Tried tried) {
        return new HeldOutScore(tried.meanLogLikelihood(), tried.accuracy(), tried.reason());
    }

    private boolean chooses(String what) {
        return parameters.select().contains(what);
    }

    private List<Integer> seeds() {
        return parameters.integers(Parameters.SEEDS);
    }

    private List<List<Integer>> seedGroups() {
        return chooses("seed") ? seeds().stream().map(List::of).toList() : List.of(seeds());
    }

    private List<Integer> orders() {
        List<Integer> orders = parameters.integers(Parameters.ORDERS);
        return chooses("order") ? orders : orders.subList(0, 1);
    }

    private List<Parameters> templates() {
        List<Parameters> templates = parameters.byTemplate();
        return chooses("template") ? templates : templates.subList(0, 1);
    }
}
