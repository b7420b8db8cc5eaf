package org.dualform.task;

import java.time.Duration;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Step;
import org.dualform.task.parameters.InferParameters;
import org.dualform.task.progress.TaskEvents;
import org.jspecify.annotations.Nullable;

/**
 * What a task of several steps reports. Each step reports as if it had a task of its own, except that the runs of a cell
 * become links with names, since one task has several of them.
 */
final class GroupEvents implements TaskEvents {
    private final TaskEvents caller;
    private @Nullable Step step;

    GroupEvents(TaskEvents caller) {
        this.caller = caller;
    }

    /** A step begins; what is reported from now on is its own. */
    void begins(Step begun) {
        step = begun;
    }

    /** What a step that chose something found, for people. */
    void done(Step ended, Result.Item item, Request request, Result result) {
        if (ended.scope() == Scope.SELECT && !result.message().isEmpty()) info(item.name() + ": " + result.message());
    }

    @Override
    public void run(String runId, String url) {
        String page = step == null ? "" : page(step);
        if (page.isEmpty()) caller.run(runId, url);
        else caller.link(page, url);
    }

    /** The name of the run that a step writes to; empty if it only links to the study's summary. */
    private static String page(Step step) {
        return switch (step.kind()) {
            case "infer" -> step.parameters().path(InferParameters.METHOD).asText();
            case "finetune" -> "ft";
            case "score" -> "comparison";
            default -> "";
        };
    }

    @Override
    public void progress(String what, long done, long total, @Nullable Duration eta) {
        caller.progress(what, done, total, eta);
    }

    @Override
    public void link(String page, String url) {
        caller.link(page, url);
    }

    @Override
    public void cell(String cell, String status, String message) {
        caller.cell(cell, status, message);
    }

    @Override
    public void info(String line) {
        caller.info(line);
    }
}
