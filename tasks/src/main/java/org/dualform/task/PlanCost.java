package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.Json;
import org.dualform.finetune.ProjectionShape;
import org.dualform.finetune.UpdatePlan;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;

/**
 * What a study will cost: tokens that go through the model (a trained token counts three, for its forward and backward
 * pass), and bytes.
 *
 * @param iclTokens prefill of the longest prompt once, and the queries once per distinct shot count, zero-shot too
 * @param trainTokens steps of fine-tuning
 * @param ftTokens queries of the fine-tuned model
 * @param cacheBytes keys and values of the longest context of any cell
 * @param updateBytes updates on the disk, all cells
 * @param weightBytes the model in single precision
 */
record PlanCost(long iclTokens, long trainTokens, long ftTokens, long cacheBytes, long updateBytes, long weightBytes) {
    private static final int TRAIN_FACTOR = 3;
    private static final int FLOAT_BYTES = 4;

    static PlanCost none(long weightBytes) {
        return new PlanCost(0, 0, 0, 0, 0, weightBytes);
    }

    /** This and one more cell. */
    PlanCost and(PromptSet prompts, Architecture.Sizes sizes, boolean icl, boolean ft, int passes) {
        long label =
                prompts.labels().stream().mapToInt(l -> l.ids().length()).max().orElse(0);
        long queries = prompts.queries().stream()
                .mapToLong(query -> query.ids().length() + label)
                .sum();
        List<Integer> counts = prompts.distinctTrueShots();
        long positive = counts.stream().filter(k -> k > 0).count();
        long cache = 2L
                * sizes.layers()
                * sizes.kvWidth()
                * FLOAT_BYTES
                * prompts.context().length();
        List<Integer> tuning = prompts.demonstrations().stream()
                .map(demonstration -> demonstration.tuning().length())
                .toList();
        List<Integer> trained = counts.stream().filter(k -> k > 0).toList();
        UpdatePlan update = UpdatePlan.of(
                tuning,
                trained,
                passes,
                new ProjectionShape(sizes.layers(), sizes.width(), sizes.kvWidth(), false, FLOAT_BYTES));
        long steps = update.segments().stream()
                .flatMap(segment -> segment.steps().stream())
                .mapToLong(tuning::get)
                .sum();
        return new PlanCost(
                iclTokens + (icl ? prompts.context().length() + queries * (positive + 1) : 0),
                trainTokens + (ft ? TRAIN_FACTOR * steps : 0),
                ftTokens + (ft ? queries * (positive + (icl ? 0 : 1)) : 0),
                Math.max(cacheBytes, icl ? cache : 0),
                updateBytes + (ft ? update.bytes() : 0),
                weightBytes);
    }

    long tokens() {
        return iclTokens + trainTokens + ftTokens;
    }

    ObjectNode toJson() {
        return Json.mapper()
                .createObjectNode()
                .put("icl_tokens", iclTokens)
                .put("train_tokens", trainTokens)
                .put("ft_tokens", ftTokens)
                .put("cache_bytes", cacheBytes)
                .put("update_bytes", updateBytes)
                .put("weight_bytes", weightBytes);
    }

    /** One line for people. */
    String sentence() {
        return "About " + count(tokens()) + " tokens through the model (in context " + count(iclTokens)
                + ", training " + count(trainTokens) + ", fine-tuned " + count(ftTokens) + "), "
                + bytes(weightBytes + cacheBytes) + " of memory for weights and cache, " + bytes(updateBytes)
                + " of disk for updates.";
    }

    static String count(long n) {
        if (n < 10_000) return Long.toString(n);
        if (n < 10_000_000) return n / 1000 + " thousand";
        return String.format(Locale.ROOT, "%.1f million", n / 1e6);
    }

    static String bytes(long n) {
        if (n < 10_000) return n + " B";
        if (n < 10_000_000) return n / 1000 + " kB";
        return n < 10_000_000_000L ? n / 1_000_000 + " MB" : String.format(Locale.ROOT, "%.1f GB", n / 1e9);
    }
}
