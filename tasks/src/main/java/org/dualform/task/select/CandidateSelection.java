package org.dualform.task.select;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.dualform.contract.Progress;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.HeldOutScore;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.score.race.Criterion;
import org.dualform.spec.Method;
import org.dualform.spec.choice.Choosable;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.CandidateChoice;
import org.dualform.task.file.SelectionFile.Tried;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.source.ModelFacts;

/**
 * Lets each method choose seed, order and template for itself, by accuracy at the largest shot count. All methods have
 * the same candidates and rows. If the seed is not to be chosen, accuracy is averaged over the seeds. If the order or
 * the template is not to be chosen, the first one is used.
 */
final class CandidateSelection {
    /** The candidates that a method tried, and its choice. The first of equal candidates wins. */
    record Chosen(CandidateChoice choice, List<Tried> tried) {}

    private final SelectParameters parameters;
    private final CellPrompts prompts;
    private final List<LabelledRow> rows;
    private final ModelFacts facts;
    private final LanguageModel model;
    private final OptionalDouble learningRate;
    private final Progress progress;
    private final long total;
    private long done;

    /**
     * @param prompts the prompts of the selection's data set
     * @param rows the rows to choose on
     * @param learningRate the rate of fine-tuning; empty without fine-tuning
     */
    CandidateSelection(
            SelectParameters parameters,
            CellPrompts prompts,
            List<LabelledRow> rows,
            ModelFacts facts,
            LanguageModel model,
            OptionalDouble learningRate,
            Progress progress) {
        this.parameters = parameters;
        this.prompts = prompts;
        this.rows = rows;
        this.facts = facts;
        this.model = model;
        this.learningRate = learningRate;
        this.progress = progress;
        total = (long) parameters.methods().size()
                * parameters.candidateTemplates().size()
                * parameters.candidateOrders().size()
                * parameters.seeds().size();
    }

    /** The number of rows answered so far, over all candidates. */
    long evaluations() {
        return done * rows.size();
    }

    /** Lets every method choose. */
    Map<Method, Chosen> choose() {
        Map<Method, Chosen> chosen = new EnumMap<>(Method.class);
        for (Method method : parameters.methods()) chosen.put(method, choose(method));
        return chosen;
    }

    private Chosen choose(Method method) {
        List<Tried> tried = new ArrayList<>();
        Tried best = null;
        for (Template template : parameters.candidateTemplates()) {
            for (int order : parameters.candidateOrders()) {
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

    private Tried average(Method method, Template template, int order, List<Integer> seeds) {
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
        CandidateChoice choice = new CandidateChoice(
                chooses(Choosable.SEED) ? seeds.get(0) : null, order, template.sha256(), template.name());
        return reason == null ? new Tried(choice, accuracy, likelihood, null) : new Tried(choice, null, null, reason);
    }

    private HeldOutScore measured(Method method, Template template, int order, int seed) {
        PromptSet assembled = prompts.with(template).assemble(seed, order, rows, facts);
        progress.at("choosing", done++, total);
        int shots = assembled.demonstrations().size();
        ShotSweep sweep = new ShotSweep(assembled, parameters.chunkRows());
        if (method == Method.ICL)
            return HeldOutScore.of(model.manager(), model.decoder(), sweep, shots, Progress.none());
        var tuner = new FineTuning(model.decoder(), parameters.tuning(), parameters.passes(), assembled);
        return HeldOutScore.tuned(
                model.manager(), model.decoder(), tuner, sweep, learningRate.orElseThrow(), Progress.none());
    }

    private static HeldOutScore score(Tried tried) {
        return new HeldOutScore(tried.meanLogLikelihood(), tried.accuracy(), tried.reason());
    }

    private boolean chooses(Choosable what) {
        return parameters.select().contains(what);
    }

    private List<List<Integer>> seedGroups() {
        return chooses(Choosable.SEED)
                ? parameters.seeds().stream().map(List::of).toList()
                : List.of(parameters.seeds());
    }
}
