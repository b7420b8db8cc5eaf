package org.dualform.mlflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.dualform.mlflow.live.Operation;
import org.jspecify.annotations.Nullable;

/** What is to be told about one run, in order: by the caller's thread at once, or by a {@link Sender} meanwhile. */
final class RunQueue {
    /** Tells MLflow, or leaves in the spool what it cannot be told. */
    interface Teller {
        /** @param together what goes in as few calls as possible */
        void tell(List<Operation> together);
    }

    private final @Nullable Sender sender;
    private final Teller teller;
    private final Runnable closed;

    /** What the sender has not told yet, with what it tells at present. Guarded by itself. */
    private final Deque<List<Operation>> waiting = new ArrayDeque<>();

    /** What is to be told together; null if everything is told for itself. Guarded by {@link #waiting}. */
    private @Nullable List<Operation> collected;

    /**
     * A queue.
     *
     * @param sender null if the caller's thread tells MLflow
     * @param closed called if the sender is closed, so that nobody tells what waits
     */
    RunQueue(@Nullable Sender sender, Teller teller, Runnable closed) {
        this.sender = sender;
        this.teller = teller;
        this.closed = closed;
    }

    void add(Operation operation) {
        synchronized (waiting) {
            if (collected != null) {
                collected.add(operation);
                return;
            }
        }
        add(List.of(operation));
    }

    /** Adds what is told together; an empty list tells only what the run was made without. */
    void add(List<Operation> together) {
        if (sender == null) {
            teller.tell(together);
            return;
        }
        synchronized (waiting) {
            waiting.add(together);
        }
        if (!sender.submit(this::tellNext)) closed.run();
    }

    /** Adds together what {@code saying} adds, also if it throws. */
    void together(Runnable saying) {
        List<Operation> all = new ArrayList<>();
        synchronized (waiting) {
            collected = all;
        }
        try {
            saying.run();
        } finally {
            synchronized (waiting) {
                collected = null;
            }
            if (!all.isEmpty()) add(all);
        }
    }

    /** Whether an operation is told only after it has been added, so that its file must stay. */
    boolean isLater() {
        synchronized (waiting) {
            return sender != null || collected != null;
        }
    }

    /** Runs in the sender's thread. Nothing waits if it was drained, or told with what came before it. */
    private void tellNext() {
        List<List<Operation>> next = next();
        if (next.isEmpty()) return;
        teller.tell(next.stream().flatMap(List::stream).toList());
        synchronized (waiting) {
            for (List<Operation> told : next) {
                if (waiting.peek() == told) waiting.remove();
            }
        }
    }

    /** What waits, as far as the run's next end. Where MLflow is slower than the writer, that is several additions. */
    private List<List<Operation>> next() {
        List<List<Operation>> next = new ArrayList<>();
        synchronized (waiting) {
            for (List<Operation> together : waiting) {
                next.add(together);
                if (together.stream().anyMatch(Operation.End.class::isInstance)) break;
            }
        }
        return next;
    }

    /** Takes out what has not been told, with what is being told at this moment. */
    List<List<Operation>> drain() {
        synchronized (waiting) {
            List<List<Operation>> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        }
    }

    /** Waits until everything that was added so far is told, or waits in the spool. */
    void flush() {
        if (sender != null) sender.flush(() -> {});
    }
}
