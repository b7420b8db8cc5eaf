package org.dualform.mlflow.live;

import java.util.HashSet;
import java.util.Set;

/** Passes on what the server refuses for good, each item once, even if it is sent again to another run. */
public final class Refusals {
    /** Hears of each refused item. */
    public interface Listener {
        /**
         * @param item what was refused: an operation, or the refused part of one
         * @param reason one or more sentences
         */
        void refused(Operation item, String reason);
    }

    private final Listener listener;
    private final Set<Operation> told = new HashSet<>();

    public Refusals(Listener listener) {
        this.listener = listener;
    }

    void add(Operation item, Exception reason) {
        add(item, reason.getMessage() == null ? reason.toString() : reason.getMessage());
    }

    void add(Operation item, String reason) {
        if (told.add(item)) {
            listener.refused(item, reason);
        }
    }
}
