package org.dualform.task.run;

/** A kind that only throws, for tests of failures. */
public final class FailingKind implements TaskKind<FailingKind.Parameters> {
    /** None. */
    public record Parameters() {}

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
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) {
        failure.fillInStackTrace();
        throw failure;
    }
}
