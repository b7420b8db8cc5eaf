package org.dualform.task.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import org.dualform.contract.Json;
import org.dualform.task.progress.ProgressLine;
import org.dualform.task.source.TokenWork;

/**
 * What a study will cost: tokens that go through the model, and bytes. A token counts as often as it costs a forward pass
 * through the blocks; {@link TokenWork} says what training and the head add.
 *
 * @param selectTokens what choosing a rate and a shot count is expected to take, before any cell
 * @param mostSelectTokens what it takes at most
 * @param iclTokens prefill of the longest prompt once, and the queries once per distinct shot count, zero-shot too
 * @param trainTokens tokens of the steps of fine-tuning
 * @param ftTokens tokens of the queries that the fine-tuned model answers
 * @param cacheBytes keys and values of the longest context among all cells
 * @param updateBytes weight updates of all cells, on the disk
 * @param recordBytes records of all cells, on the disk
 * @param weightBytes the model in single precision, and the random weights of controls
 * @param memoryBytes the most memory that one task takes, its process included
 */
record PlanCost(
        long selectTokens,
        long mostSelectTokens,
        long iclTokens,
        long trainTokens,
        long ftTokens,
        long cacheBytes,
        long updateBytes,
        long recordBytes,
        long weightBytes,
        long memoryBytes) {
    static PlanCost none(long weightBytes) {
        return new PlanCost(0, 0, 0, 0, 0, 0, 0, 0, weightBytes, 0);
    }

    /** This cost with one more cell. */
    PlanCost and(PlanCost cell) {
        return new PlanCost(
                selectTokens + cell.selectTokens,
                mostSelectTokens + cell.mostSelectTokens,
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
        return new PlanCost(
                selectTokens,
                mostSelectTokens,
                iclTokens,
                trainTokens,
                ftTokens,
                cacheBytes,
                updateBytes,
                recordBytes,
                weightBytes,
                bytes);
    }

    /** This cost with one more selection. */
    PlanCost andSelection(SelectionCost.Range tokens) {
        return and(new PlanCost(tokens.expected(), tokens.most(), 0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** What is expected in all. */
    long tokens() {
        return selectTokens + studyTokens();
    }

    /** The tokens of all cells. */
    long studyTokens() {
        return iclTokens + trainTokens + ftTokens;
    }

    long diskBytes() {
        return updateBytes + recordBytes;
    }

    ObjectNode toJson() {
        return Json.mapper()
                .createObjectNode()
                .put("select_tokens", selectTokens)
                .put("most_select_tokens", mostSelectTokens)
                .put("icl_tokens", iclTokens)
                .put("train_tokens", trainTokens)
                .put("ft_tokens", ftTokens)
                .put("cache_bytes", cacheBytes)
                .put("update_bytes", updateBytes)
                .put("record_bytes", recordBytes)
                .put("weight_bytes", weightBytes)
                .put("memory_bytes", memoryBytes);
    }

    /** The cost in one line, for people. */
    String sentence() {
        return "Choosing takes about " + count(selectTokens) + " tokens through the model, at most "
                + count(mostSelectTokens) + "; the study itself " + count(studyTokens()) + " (in context "
                + count(iclTokens) + ", training " + count(trainTokens) + ", fine-tuned " + count(ftTokens) + "); "
                + "at most " + bytes(memoryBytes) + " of memory for a task (weights and cache "
                + bytes(weightBytes + cacheBytes) + "), " + bytes(updateBytes)
                + " of disk for updates" + (recordBytes == 0 ? "." : ", " + bytes(recordBytes) + " for records.");
    }

    /**
     * The times in one sentence, for people.
     *
     * @param rate tokens in a second
     */
    String times(double rate) {
        return "At " + count(Math.round(rate)) + " tokens a second here, choosing takes about "
                + time(selectTokens, rate) + " (at most " + time(mostSelectTokens, rate) + "), the study about "
                + time(studyTokens(), rate) + ", one task after another, without their starts.";
    }

    private static String time(long tokens, double rate) {
        return ProgressLine.time(Duration.ofMillis(Math.round(1000 * tokens / rate)));
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
