package org.dualform.task.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.Mistakes;
import org.dualform.infer.QueryScorer;
import org.dualform.model.ForwardMemory;
import org.jspecify.annotations.Nullable;

/**
 * How many queries run at once in every task of a study, and the most memory that a task then takes. The number is the same
 * for all tasks, since it changes the last bits of the scores.
 */
record MemoryPlan(int chunkRows, long bytes) {
    /**
     * Takes the full number of rows, or a half, a quarter and so on of it, until a task fits. Steps that coarse let machines
     * of different size choose the same number. A task that fits only while it runs alone is warned about; one that never
     * fits is a mistake.
     *
     * @param weights bytes of the model and of the controls' random weights
     * @param shared the part of {@code weights} that tasks on one machine have in common
     */
    static MemoryPlan choose(
            List<CellMemory> cells,
            long weights,
            long shared,
            MemoryBudget budget,
            List<String> warnings,
            Mistakes mistakes) {
        MemoryPlan most = of(cells, weights, QueryScorer.CHUNK_ROWS);
        MemoryPlan share = fitting(cells, weights, budget.share(shared));
        if (share != null) return share;
        MemoryPlan alone = fitting(cells, weights, budget.bytes());
        if (alone == null) {
            mistakes.add(refusal(cells, weights, budget));
            return most;
        }
        warnings.add("A task may take " + PlanCost.bytes(alone.bytes) + " of memory, and " + budget.parallelTasks()
                + " beside each other have " + PlanCost.bytes(budget.bytes()) + " (" + budget.source()
                + "): let fewer run at once, by a pool or max_active_tasks.");
        return alone;
    }

    private static @Nullable MemoryPlan fitting(List<CellMemory> cells, long weights, long allowed) {
        for (int rows = QueryScorer.CHUNK_ROWS; rows >= 1; rows /= 2) {
            MemoryPlan plan = of(cells, weights, rows);
            if (plan.bytes <= allowed) return plan;
        }
        return null;
    }

    private static MemoryPlan of(List<CellMemory> cells, long weights, int rows) {
        long arrays = cells.stream().mapToLong(cell -> cell.bytes(rows)).max().orElse(0);
        return new MemoryPlan(rows, ForwardMemory.ofProcess(weights, arrays));
    }

    private static String refusal(List<CellMemory> cells, long weights, MemoryBudget budget) {
        Optional<CellMemory> largest = cells.stream().max(Comparator.comparingLong(cell -> cell.bytes(1)));
        return "memory: " + largest.map(cell -> "a task of " + cell.cell()).orElse("a task") + " needs up to "
                + PlanCost.bytes(of(cells, weights, 1).bytes) + " (weights " + PlanCost.bytes(weights)
                + largest.map(MemoryPlan::parts).orElse("") + "), and " + PlanCost.bytes(budget.bytes())
                + " is allowed (" + budget.source() + "). Use fewer shots, a smaller model or a larger memory.";
    }

    private static String parts(CellMemory cell) {
        return ", prefix cache " + PlanCost.bytes(cell.cache()) + ", reading the context "
                + PlanCost.bytes(cell.prefill()) + ", fine-tuning " + PlanCost.bytes(cell.training())
                + ", one query at a time";
    }
}
