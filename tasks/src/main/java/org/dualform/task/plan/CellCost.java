package org.dualform.task.plan;

import java.util.List;
import java.util.stream.Stream;
import org.dualform.finetune.update.ProjectionShape;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.model.ForwardMemory;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.Cell;
import org.dualform.spec.Experiment;
import org.dualform.spec.Method;
import org.dualform.spec.RecordingChoice;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;
import org.dualform.task.cell.RecordOptions;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.source.TokenWork;

/**
 * The cost of one cell, without weights and memory. Tasks that a control shares with the experiment itself are not
 * counted again, since the control finds their results in the workspace.
 */
final class CellCost {
    private static final int FLOAT_BYTES = 4;

    private final Experiment experiment;
    private final Arm arm;
    private final PromptSet prompts;
    private final ModelFacts model;
    private final List<Integer> counts;

    private CellCost(Experiment experiment, Cell cell, PromptSet prompts, ModelFacts model) {
        this.experiment = experiment;
        this.arm = cell.arm();
        this.prompts = prompts;
        this.model = model;
        int fitting = prompts.demonstrations().size();
        counts = cell.shots(experiment).stream()
                .map(k -> Math.min(k, fitting))
                .distinct()
                .toList();
    }

    static PlanCost of(Experiment experiment, Cell cell, PromptSet prompts, ModelFacts model) {
        return new CellCost(experiment, cell, prompts, model).cost();
    }

    private PlanCost cost() {
        boolean ownContext = !arm.tunesOtherwise() && !arm.calibrated();
        boolean icl = experiment.methods().asks(Method.ICL) && ownContext;
        boolean ft = experiment.methods().asks(Method.FT) && !arm.calibrated();
        long queries = TokenWork.of(model).answers(queryTokens(prompts), scored(prompts));
        List<Integer> trained = counts.stream().filter(k -> k > 0).toList();
        long positive = trained.size();
        boolean zeroShotApart = !experiment.methods().asks(Method.ICL);
        return new PlanCost(
                0,
                0,
                icl ? prompts.context().length() + queries * (positive + 1) : 0,
                ft
                        ? trainTokens(prompts, arm.tuning(), passes(), trained, model)
                                + stabilityTokens(prompts, arm.tuning(), passes(), trained, model)
                        : 0,
                ft ? queries * (positive + (zeroShotApart ? 1 : 0)) : 0,
                icl ? cacheBytes() : 0,
                ft ? updateBytes(trained) : 0,
                recordBytes(icl, ft),
                0,
                0);
    }

    private int passes() {
        return arm.passes().orElse(experiment.methods().passes());
    }

    private UpdatePlan plan(List<Integer> trained) {
        return plan(prompts, trained, passes(), model);
    }

    private static UpdatePlan plan(PromptSet prompts, List<Integer> trained, int passes, ModelFacts model) {
        Architecture.Sizes sizes = model.architecture().sizes();
        return UpdatePlan.of(
                tuningTokens(prompts),
                trained,
                passes,
                new ProjectionShape(sizes.layers(), sizes.width(), sizes.kvWidth(), false, FLOAT_BYTES));
    }

    private static List<Integer> tuningTokens(PromptSet prompts) {
        return prompts.demonstrations().stream().map(d -> d.tuning().length()).toList();
    }

    /** Tokens of all queries, each with a label. */
    static long queryTokens(PromptSet prompts) {
        long label = labelTokens(prompts);
        return prompts.queries().stream()
                .mapToLong(query -> query.ids().length() + label)
                .sum();
    }

    /** The positions of all queries that a label is read from. */
    static long scored(PromptSet prompts) {
        return (long) prompts.queries().size() * labelTokens(prompts);
    }

    /** Tokens of the longest label. */
    private static long labelTokens(PromptSet prompts) {
        return prompts.labels().stream().mapToInt(l -> l.ids().length()).max().orElse(0);
    }

    /**
     * What the steps of one training cost, in tokens as {@link TokenWork} counts them.
     *
     * @param trained the shot counts that are trained for, ascending
     */
    static long trainTokens(PromptSet prompts, Tuning tuning, int passes, List<Integer> trained, ModelFacts model) {
        if (tuning.patches()) return patchTokens(prompts, trained);
        List<Integer> tokens = tuningTokens(prompts);
        Stream<Integer> steps = tuning.fullBatch()
                ? trained.stream()
                        .flatMap(k -> Stream.generate(() -> tokens.subList(0, k))
                                .limit(passes)
                                .flatMap(List::stream))
                : plan(prompts, trained, passes, model).segments().stream()
                        .flatMap(segment -> segment.steps().stream())
                        .map(tokens::get);
        int layers = model.architecture().sizes().layers();
        return TokenWork.of(model).steps(steps, tuning, labelTokens(prompts), layers);
    }

    /** Each demonstration is read once behind all others, and once alone. */
    private static long patchTokens(PromptSet prompts, List<Integer> trained) {
        List<Integer> tokens = tuningTokens(prompts);
        return trained.stream()
                .mapToLong(k -> (long) k * prompts.context(k).length()
                        + tokens.subList(0, k).stream().mapToLong(t -> t).sum())
                .sum();
    }

    /**
     * The cost of the look how far a training depends on rounding: a second training, and the demonstrations' losses before
     * and after both.
     */
    static long stabilityTokens(PromptSet prompts, Tuning tuning, int passes, List<Integer> trained, ModelFacts model) {
        if (tuning.patches()) return 0;
        List<Integer> tokens = tuningTokens(prompts);
        long losses = tokens.stream().mapToLong(t -> t).sum();
        for (int k : trained)
            losses += 2 * tokens.subList(0, k).stream().mapToLong(t -> t).sum();
        return trainTokens(prompts, tuning, passes, trained, model)
                + TokenWork.of(model).losses(losses);
    }

    private long cacheBytes() {
        long context = prompts.context().length();
        return new ForwardMemory(model.architecture()).cache(context, context + longestQuery(prompts));
    }

    /** Tokens of the longest query with the longest label. */
    static long longestQuery(PromptSet prompts) {
        long query =
                prompts.queries().stream().mapToInt(q -> q.ids().length()).max().orElse(0);
        long label = labelTokens(prompts);
        return query + label;
    }

    /** The bytes of the weight updates on the disk. */
    private long updateBytes(List<Integer> trained) {
        if (arm.tuning().patches()) {
            Architecture.Sizes sizes = model.architecture().sizes();
            long row = 3L * (sizes.width() + sizes.feedForward()) * FLOAT_BYTES;
            return trained.stream().mapToLong(k -> k * row * sizes.layers()).sum();
        }
        return arm.tuning().lowRank() ? plan(trained).bytes() : trained.size() * CellMemory.changedBytes(arm, model);
    }

    private long recordBytes(boolean icl, boolean ft) {
        RecordingChoice recording = experiment.recording();
        if (!recording.record() || RecordOptions.shots(prompts) == 0) return 0;
        RecordOptions options = new RecordOptions(
                recording.recordPosition() == RecordPosition.OFFICIAL,
                recording.recordQueries() == RecordQueries.ROTATED,
                recording.recordLimit(),
                recording.baselines().contains(BaselineChoice.NOISE_FLOOR));
        return options.bytes(prompts, model.architecture(), icl, ft);
    }
}
