package org.dualform.task;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.dualform.contract.Result;
import org.dualform.contract.chain.Scope;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.progress.ProgressLine;
import org.dualform.task.progress.StudyClock;

/** How far a study is, and how long the rest will take, from the costs that its plan states. */
final class StudyProgress {
    /** Less is not worth a word. */
    private static final Duration TOLD = Duration.ofSeconds(1);

    private static final String SELECT_TOKENS = "select_tokens";

    private final StudyClock clock;
    private final long selectTokens;
    private boolean computed;

    private StudyProgress(StudyClock clock, long selectTokens) {
        this.clock = clock;
        this.selectTokens = selectTokens;
    }

    /**
     * @param plan the result of the plan task
     * @param selections how many selections there are; what they take is taken as equal
     * @param cells all cells, with their costs
     */
    static StudyProgress of(Result plan, int selections, List<Result.Item> cells) {
        double select = metric(plan, SELECT_TOKENS);
        long all = Math.round(select)
                + cells.stream().mapToLong(StudyProgress::cost).sum();
        return new StudyProgress(
                new StudyClock(all, metric(plan, PlanKind.RATE), System::nanoTime),
                selections == 0 ? 0 : Math.round(select / selections));
    }

    /** A selection or a cell begins. */
    void begins() {
        computed = false;
        clock.begins();
    }

    /** A step of it has ended. */
    void made(Result result) {
        if (!result.cached()) computed = true;
    }

    /** It has ended. */
    void ends(Scope scope, Result.Item item) {
        clock.ends(scope == Scope.CELL ? cost(item) : selectTokens, computed);
    }

    /** {@code (about 1 h 20 min left for all)}, or nothing while that is not known. */
    String sentence() {
        return clock.left()
                .filter(left -> left.compareTo(TOLD) >= 0)
                .map(left -> " (about " + ProgressLine.time(left) + " left for all)")
                .orElse("");
    }

    private static long cost(Result.Item item) {
        return Objects.requireNonNullElse(item.cost(), 0L);
    }

    private static double metric(Result plan, String name) {
        Double value = plan.metrics().get(name);
        return value == null ? 0 : value;
    }
}
