package org.dualform.airflow;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of a DAG run. */
public enum RunState {
    QUEUED,
    RUNNING,
    SUCCESS,
    FAILED,
    /** A state that this client does not know; a newer Airflow may have one. */
    OTHER;

    public boolean isFinished() {
        return this == SUCCESS || this == FAILED;
    }

    static RunState of(@Nullable String name) {
        for (RunState state : values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
                return state;
            }
        }
        return OTHER;
    }
}
