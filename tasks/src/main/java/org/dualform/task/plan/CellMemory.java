package org.dualform.task.plan;

import org.dualform.finetune.RateSelection;
import org.dualform.infer.Candidates;
import org.dualform.model.ForwardMemory;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Tuning;
import org.dualform.task.source.ModelFacts;

/**
 * The memory that the tasks of a cell hold at once, without the model's weights, in bytes.
 *
 * @param cell the cell's name, for people
 * @param cache keys and values of the context
 * @param prefill activations while the context is read
 * @param training all that fine-tuning holds: changed weights, their changes, gradients, and one pass
 * @param tuned memory that an evaluation of the fine-tuned model holds in addition to a chunk of queries
 */
record CellMemory(
        String cell, ForwardMemory forward, PromptSet prompts, long cache, long prefill, long training, long tuned) {
    /** A low-rank update holds a copy of the weights, their change, and the sum of both. */
    private static final int LOW_RANK_COPIES = 3;
    /** A dense update holds the change and the changed weights, the gradient and its sum over a batch. */
    private static final int DENSE_COPIES = 4;
    /** Adam holds running means of the gradients and of their squares. */
    private static final int ADAM_COPIES = 2;

    /** @param cost the cost of the same cell */
    static CellMemory of(String cell, Arm arm, PromptSet prompts, ModelFacts model, PlanCost cost) {
        ForwardMemory forward = new ForwardMemory(model.architecture());
        boolean ft = cost.trainTokens() > 0;
        long changed = changedBytes(arm, model);
        long context = cost.cacheBytes() > 0 ? prompts.context().length() : 0;
        return new CellMemory(
                cell,
                forward,
                prompts,
                cost.cacheBytes(),
                forward.inference(1, context, 0, 0),
                ft ? whileMade(arm, changed, cost, forward, prompts) : 0,
                ft ? changed + cost.updateBytes() : 0);
    }

    /** All that is held while the weights' change is made. */
    private static long whileMade(Arm arm, long changed, PlanCost cost, ForwardMemory forward, PromptSet prompts) {
        int longest = prompts.demonstrations().stream()
                .mapToInt(d -> d.tuning().length())
                .max()
                .orElse(0);
        if (!arm.tuning().patches()) {
            return copies(arm.tuning()) * changed + updates(arm, cost) + forward.training(longest);
        }
        // The demonstrations are read one by one behind a context, and all at once without it.
        int context = prompts.context().length();
        long contexts = forward.cache(context, context + longest) + forward.inference(1, context, 0, 0);
        return updates(arm, cost)
                + Math.max(contexts, forward.inference(prompts.demonstrations().size(), longest, 0, 0));
    }

    /**
     * The memory while a learning rate and a shot count are chosen: besides what a cell holds, the updates of several
     * rates, and the context's cache while fine-tuned weights are evaluated.
     *
     * @param updateBytes bytes of one rate's update; 0 if it is not held
     */
    CellMemory whileChoosing(int rates, long updateBytes) {
        long held = Math.min(RateSelection.HELD_BYTES, rates * updateBytes);
        return new CellMemory(cell, forward, prompts, cache, prefill, training + held, tuned + held + cache);
    }

    /** The bytes of all arrays if {@code rows} queries run at once. */
    long bytes(int rows) {
        long icl = cache == 0
                ? 0
                : cache + Math.max(prefill, chunk(rows, prompts.context().length()));
        long zeroShot = chunk(rows, prompts.boundaries().get(0));
        return Math.max(training, Math.max(icl, tuned + zeroShot));
    }

    /**
     * The largest bytes of a chunk: the longest query and the longest label in every row, after {@code prefix} tokens.
     */
    private long chunk(int rows, int prefix) {
        int label =
                prompts.labels().stream().mapToInt(l -> l.ids().length()).max().orElse(0);
        int all = prompts.queries().size()
                * Candidates.of(prompts).continuations().size();
        long atOnce = Math.min(rows, all);
        return forward.inference(atOnce, CellCost.longestQuery(prompts), prefix, atOnce * label);
    }

    /** Bytes of the weights that change: an upper bound, since some rows of the embeddings may stay as they are. */
    static long changedBytes(Arm arm, ModelFacts model) {
        Architecture.Sizes sizes = model.architecture().sizes();
        long projection = (long) sizes.width() * sizes.kvWidth() * ModelFacts.FLOAT_BYTES;
        return switch (arm.tuning().scope()) {
            case KEY_VALUE -> 2L * sizes.layers() * projection;
            case VALUE_LAYER -> projection;
            case FEED_FORWARD -> 3L * sizes.layers() * sizes.width() * sizes.feedForward() * ModelFacts.FLOAT_BYTES;
            case ALL -> model.floatBytes();
        };
    }

    private static int copies(Tuning tuning) {
        return tuning.lowRank() ? LOW_RANK_COPIES : DENSE_COPIES + (tuning.adam() ? ADAM_COPIES : 0);
    }

    /**
     * Factors are held twice: one by one, and joined at the end of their segment. While a second training shows whether
     * the first is stable, the first one's update is held as well.
     */
    private static long updates(Arm arm, PlanCost cost) {
        return (arm.tuning().lowRank() ? 3 : 2) * cost.updateBytes();
    }
}
