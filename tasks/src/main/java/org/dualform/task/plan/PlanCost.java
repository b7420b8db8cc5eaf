package org.dualform.task.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.dualform.contract.Json;

/**
 * What a study will cost: tokens that go through the model (a trained token counts three, for its forward and backward
 * pass), and bytes.
 *
 * @param iclTokens prefill of the longest prompt once, and the queries once per distinct shot count, zero-shot too
 * @param trainTokens steps of fine-tuning
 * @param ftTokens queries of the fine-tuned model
 * @param cacheBytes keys and values of the longest context of any cell
 * @param updateBytes updates on the disk, all cells
 * @param recordBytes records on the disk, all cells
 * @param weightBytes the model in single precision, and what controls have in its place
 * @param memoryBytes the most that a task takes in memory, its process included
 */
record PlanCost(
        long iclTokens,
        long trainTokens,
        long ftTokens,
        long cacheBytes,
        long updateBytes,
        long recordBytes,
        long weightBytes,
        long memoryBytes) {
    static PlanCost none(long weightBytes) {
        return new PlanCost(0, 0, 0, 0, 0, 0, weightBytes, 0);
    }

    /** This and one more cell. */
    PlanCost and(PlanCost cell) {
        return new PlanCost(
                iclTokens + cell.iclTokens,
                trainTokens + cell.trainTokens,
                ftTokens + cell.ftTokens,
                Math.max(cacheBytes, cell.cacheBytes),
                updateBytes + cell.updateBytes,
                recordBytes + cell.recordBytes,
                Math.max(weightBytes, cell.weightBytes),
                Math.max(memoryBytes, cell.memoryBytes));
    }

    PlanCost withMemory(long bytes) {
        return new PlanCost(iclTokens, trainTokens, ftTokens, cacheBytes, updateBytes, recordBytes, weightBytes, bytes);
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
                .put("record_bytes", recordBytes)
                .put("weight_bytes", weightBytes)
                .put("memory_bytes", memoryBytes);
    }

    /** One line for people. */
    String sentence() {
        return "About " + count(tokens()) + " tokens through the model (in context " + count(iclTokens)
                + ", training " + count(trainTokens) + ", fine-tuned " + count(ftTokens) + "), "
                + "at most " + bytes(memoryBytes) + " of memory for a task (weights and cache "
                + bytes(weightBytes + cacheBytes) + "), " + bytes(updateBytes)
                + " of disk for updates" + (recordBytes == 0 ? "." : ", " + bytes(recordBytes) + " for records.");
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
