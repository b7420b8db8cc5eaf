package org.dualform.task;

import java.util.Set;

/** A kind that only throws; for tests of what a failure becomes. */
final class FailingKind implements TaskKind {
    private final RuntimeException failure;

    FailingKind(RuntimeException failure) {
        this.failure = failure;
    }

    @Override
    public String name() {
        return "prompt";
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
