package org.dualform.airflow.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of a DAG run. */
public enum RunState {
    QUEUED,
    RUNNING,
    SUCCESS,
    FAILED,
    /** A state that this client does not know; a newer Airflow may have more. */
    OTHER;

    public boolean isFinished() {
        return this == SUCCESS || this == FAILED;
    }

    /** The name as Airflow writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunState of(@Nullable String name) {
        for (RunState state : values()) {
            if (state.label().equals(name)) {
                return state;
            }
        }
        return OTHER;
    }
}
