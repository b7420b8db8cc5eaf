package org.dualform.task.run;

import java.util.Set;

/** A kind that only throws; for tests of what a failure becomes. */
public final class FailingKind implements TaskKind {
    private final String name;
    private final RuntimeException failure;

    /** In the place of {@code prompt}. */
    public FailingKind(RuntimeException failure) {
        this("prompt", failure);
    }

    public FailingKind(String name, RuntimeException failure) {
        this.name = name;
        this.failure = failure;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public TaskOutcome run(TaskContext context) {
        failure.fillInStackTrace();
        throw failure;
    }
}
