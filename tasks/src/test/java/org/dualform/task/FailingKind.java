package org.dualform.task;

import java.util.Set;

/** A kind that only throws; for tests of what a failure becomes. */
final class FailingKind implements TaskKind {
    private final String name;
    private final RuntimeException failure;

    /** In the place of {@code prompt}. */
    FailingKind(RuntimeException failure) {
        this("prompt", failure);
    }

    FailingKind(String name, RuntimeException failure) {
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
    public Outcome run(TaskContext context) {
        failure.fillInStackTrace();
        throw failure;
    }
}
