package org.dualform.cli.terminal;

import java.time.Duration;
import org.dualform.task.progress.ProgressLine;
import org.dualform.task.progress.TaskEvents;
import org.jspecify.annotations.Nullable;

/** Shows the reports of tasks on the console. */
public record ConsoleEvents(Console console) implements TaskEvents {
    @Override
    public void run(String runId, String url) {
        console.say("MLflow: " + url);
    }

    @Override
    public void progress(String what, long done, long total, @Nullable Duration eta) {
        console.progress(ProgressLine.sentence(what, done, total, eta));
    }

    @Override
    public void info(String line) {
        console.say(line);
    }
}
