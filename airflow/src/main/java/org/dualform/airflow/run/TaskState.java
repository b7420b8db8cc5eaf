package org.dualform.airflow.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of a task instance. */
public enum TaskState {
    /** The scheduler has not looked at it yet. */
    NONE,
    REMOVED,
    SCHEDULED,
    QUEUED,
    RUNNING,
    SUCCESS,
    RESTARTING,
    FAILED,
    UP_FOR_RETRY,
    UP_FOR_RESCHEDULE,
    UPSTREAM_FAILED,
    SKIPPED,
    DEFERRED,
    AWAITING_INPUT,
    /** A state that this client does not know; a newer Airflow may have more. */
    OTHER;

    /** Whether the scheduler will not start it again by itself. */
    public boolean isFinished() {
        return switch (this) {
            case SUCCESS, FAILED, UPSTREAM_FAILED, SKIPPED, REMOVED -> true;
            default -> false;
        };
    }

    /** Whether it ended, but not as it should have. */
    public boolean isFailure() {
        return this == FAILED || this == UPSTREAM_FAILED;
    }

    /** The name as Airflow writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TaskState of(@Nullable String name) {
        if (name == null) {
            return NONE;
        }
        for (TaskState state : values()) {
            if (state.label().equals(name)) {
                return state;
            }
        }
        return OTHER;
    }
}
