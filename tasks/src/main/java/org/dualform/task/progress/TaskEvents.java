package org.dualform.task.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Receives what a running task reports: the protocol lines of a process, or the terminal of {@code dualform run}. */
public interface TaskEvents {
    /** Reports that the tracking run exists. People can open {@code url} from now on. */
    void run(String runId, String url);

    /**
     * Progress inside one phase, as often as the computation reports it.
     *
     * @param eta time left in this phase; null while it is unknown
     */
    void progress(String what, long done, long total, @Nullable Duration eta);

    /**
     * Reports the address of a page of the study on the tracking server.
     *
     * @param page what it shows: {@code curves} or {@code report}, or in a task of several steps the run of one of
     *     them: {@code icl}, {@code ft} or {@code comparison}
     */
    default void link(String page, String url) {}

    /**
     * Reports how one cell of a task of several cells ended.
     *
     * @param cell the cell's id
     * @param status {@code done}, {@code diverged}, {@code skipped} or {@code failed}
     * @param message why it failed; else empty
     */
    default void cell(String cell, String status, String message) {}

    /** A line for people. */
    void info(String line);

    /** Receives and drops everything. */
    static TaskEvents none() {
        return new TaskEvents() {
            @Override
            public void run(String runId, String url) {}

            @Override
            public void progress(String what, long done, long total, @Nullable Duration eta) {}

            @Override
            public void info(String line) {}
        };
    }
}
