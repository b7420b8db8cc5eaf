package org.dualform.task.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a running task tells what happens: the protocol lines of a process, or the terminal of {@code dualform run}. */
public interface TaskEvents {
    /** The tracking run exists; people can open {@code url} from now on. */
    void run(String runId, String url);

    /**
     * Progress inside one phase, as often as it comes.
     *
     * @param eta time left in this phase; null while it cannot be told
     */
    void progress(String what, long done, long total, @Nullable Duration eta);

    /** A line for people. */
    void info(String line);

    /** Tells nobody. */
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
