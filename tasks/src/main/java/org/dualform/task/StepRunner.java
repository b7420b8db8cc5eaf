package org.dualform.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.Stage;
import org.dualform.contract.chain.Step;
import org.dualform.task.run.TaskExecutor;
import org.jspecify.annotations.Nullable;

/** Runs steps of the chain one after the other. If one fails, only the steps that need it are not run. */
final class StepRunner {
    private final TaskExecutor executor;
    private final ChainRequests requests;
    private final Onlooker onlooker;
    private final List<Failure> failures = new ArrayList<>();

    /**
     * @param executor runs each step
     * @param requests makes the requests, and keeps the results
     */
    StepRunner(TaskExecutor executor, ChainRequests requests, Onlooker onlooker) {
        this.executor = executor;
        this.requests = requests;
        this.onlooker = onlooker;
    }

    /** Hears of every step. */
    interface Onlooker {
        /** A step begins. */
        default void begins(Step step) {}

        /** A step ended with a result. */
        default void done(Step step, Result.Item item, Request request, Result result) {}

        /** A step failed. */
        void failed(Failure failure);

        /**
         * Something was thrown that nobody foresaw.
         *
         * @return whether the steps that do not need this one go on
         */
        default boolean outlives(Throwable bug) {
            return false;
        }
    }

    /**
     * A step that failed.
     *
     * @param sentence which step, and why
     * @param code the exit code that the step would have ended with as a task of its own
     * @param cause the failure, if it was a foreseen one
     */
    record Failure(String sentence, ExitCode code, @Nullable DualformException cause) {}

    /** The failures so far. */
    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /**
     * Runs all steps of a stage for one item.
     *
     * @return the failures of this item
     */
    List<Failure> all(Stage stage, Result.Item item) {
        int before = failures.size();
        for (Step step : stage.steps()) run(step, item);
        return List.copyOf(failures.subList(before, failures.size()));
    }

    /** Runs a step; empty if it failed, or if what it needs was not made. */
    Optional<Result> run(Step step, Result.Item item) {
        try {
            return take(step, item);
        } catch (CancelledException e) {
            throw e;
        } catch (DualformException e) {
            failed(step, item, e.exitCode(), e);
        } catch (RuntimeException | Error e) {
            if (!onlooker.outlives(e)) throw e;
            failed(step, item, ExitCode.BUG, e);
        }
        return Optional.empty();
    }

    /**
     * Runs a step; empty if what it needs was not made.
     *
     * @throws DualformException if it fails
     */
    Optional<Result> take(Step step, Result.Item item) {
        Optional<Request> request = requests.of(step, item);
        if (request.isEmpty()) return Optional.empty();
        onlooker.begins(step);
        Result result = executor.run(request.get());
        requests.keep(step, item, result);
        onlooker.done(step, item, request.get(), result);
        return Optional.of(result);
    }

    private void failed(Step step, Result.Item item, ExitCode code, Throwable e) {
        String message = code == ExitCode.BUG ? "a bug: " + e : String.valueOf(e.getMessage());
        Failure failure = new Failure(
                what(step, item) + " failed: " + message,
                code,
                e instanceof DualformException foreseen ? foreseen : null);
        failures.add(failure);
        onlooker.failed(failure);
    }

    private static String what(Step step, Result.Item item) {
        return switch (step.scope()) {
            case STUDY -> step.title();
            case SELECT -> step.title() + " " + item.name();
            case CELL -> item.name() + ", " + step.title();
        };
    }
}
