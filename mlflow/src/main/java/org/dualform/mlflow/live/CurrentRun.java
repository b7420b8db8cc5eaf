package org.dualform.mlflow.live;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.server.Runs;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.jspecify.annotations.Nullable;

/** The run that carries the key at present, as it was last seen. */
final class CurrentRun {
    private final Mlflow mlflow;
    private final RunSpec spec;
    /** Another thread may ask for the run while it is written to. */
    private volatile RunView view;

    /** Whether this process has just made it: nobody else has said anything about it, as far as is known. */
    private boolean made;

    private RunStatus found;
    private final RunStatus first;

    /** Whether the run is brought to RUNNING. A run that is delivered late stays as it is until it is said to end. */
    private final boolean wakes;

    /** When the writer opened the run: milliseconds since 1970; 0 if that is not known. */
    private final long opened;

    private CurrentRun(Mlflow mlflow, RunSpec spec, Runs.Found there, boolean wakes, long opened) {
        this.wakes = wakes;
        this.made = there.made();
        this.mlflow = mlflow;
        this.spec = spec;
        this.view = there.run();
        this.found = view.status();
        this.first = found;
        this.opened = opened;
    }

    /** The run of a task that opens it now. Its time is above every earlier one's, whatever the clocks of workers say. */
    static CurrentRun live(Mlflow mlflow, RunSpec spec) {
        Runs.Found there = mlflow.runs().find(spec);
        long opened = Math.max(System.currentTimeMillis(), openedLast(there.run()) + 1);
        return new CurrentRun(mlflow, spec, there, true, opened);
    }

    /** The run of a task that opened it earlier, and could not tell the server everything. */
    static CurrentRun late(Mlflow mlflow, RunSpec spec, long opened) {
        return new CurrentRun(mlflow, spec, mlflow.runs().find(spec), false, opened);
    }

    private static long openedLast(RunView view) {
        return number(view.tags().get(Tags.OPENED));
    }

    private static long number(@Nullable String tag) {
        try {
            return tag == null ? 0 : Long.parseLong(tag);
        } catch (NumberFormatException e) {
            return 0; // somebody else wrote the tag
        }
    }

    boolean isMade() {
        return made;
    }

    long opened() {
        return opened;
    }

    /** Whether another task has opened the run after this one did. */
    boolean isLate() {
        return !wakes && opened > 0 && openedLast(view) > opened;
    }

    /**
     * Whether a later try of the same task has opened the run since. The number of the try is not enough: a run of
     * Airflow that was deleted and started again under its name counts from 1 again.
     */
    boolean isOutdated() {
        return attempt(spec.tags()) < attempt(view.tags())
                && openedLast(view) > (wakes ? processStart() : opened)
                && Stream.of(Tags.AIRFLOW_TASK, Tags.AIRFLOW_MAP_INDEX)
                        .allMatch(tag ->
                                Objects.equals(spec.tags().get(tag), view.tags().get(tag)));
    }

    private static long processStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElse(Long.MAX_VALUE);
    }

    private static long attempt(Map<String, String> tags) {
        return number(tags.get(Tags.AIRFLOW_TRY));
    }

    /** The tags of the specification, and when it was opened; none if a later task has given the run its own. */
    Map<String, String> ownTags() {
        if (isLate()) return Map.of();
        Map<String, String> own = new TreeMap<>(spec.tags());
        if (opened > 0) own.put(Tags.OPENED, Long.toString(opened));
        return own;
    }

    RunSpec spec() {
        return spec;
    }

    RunView view() {
        return view;
    }

    String id() {
        return view.id();
    }

    /** The state in which the run was found, before it was brought to RUNNING. */
    RunStatus found() {
        return found;
    }

    /** Looks for the run of the key again, and makes it if there is none. */
    void find() {
        Runs.Found there = mlflow.runs().find(spec);
        view = there.run();
        made = there.made();
    }

    /** As {@link #refresh}, unless this process has just made the run. */
    void refreshUnlessMade() {
        if (!made) refresh();
    }

    /** @throws RunGone if the run has been deleted */
    void refresh() {
        view = mlflow.runs().get(view.id());
        if (view.deleted()) {
            throw deleted();
        }
    }

    /** Brings the run to RUNNING, if it is written to while its task runs. */
    void wake() {
        found = view.status();
        if (wakes && found.ended()) {
            status(RunStatus.RUNNING, 0);
        }
    }

    /** Gives a run that took the place of an ended one the state of that one, unless it has ended itself. */
    void restoreStatus() {
        if (first.ended() && !view.status().ended()) {
            status(first, System.currentTimeMillis());
        }
    }

    /** Whether the server takes a write to this run: a tag that it has is written once more. */
    boolean takesWrites() {
        Map<String, String> key = Map.of(Tags.RUN_KEY, spec.key().value());
        try {
            return mlflow.api()
                    .logBatch(view.id(), new LogBatch(List.of(), List.of(), RunMessages.tags(key)))
                    .ok();
        } catch (DualformException e) {
            return false;
        }
    }

    /** @param time milliseconds since 1970 */
    void status(RunStatus status, long time) {
        if (view.status() != status) {
            check(mlflow.api().updateRun(view.id(), status, time));
            view = view.with(Map.of(), Map.of(), status);
        }
    }

    /** Ends the run as a task says. Why an earlier try failed is no news of a run that finished. */
    void end(RunStatus status, long time) {
        if (isLate()) return;
        if (status == RunStatus.FINISHED && view.tags().containsKey(Tags.MESSAGE)) {
            mlflow.api().deleteTag(view.id(), Tags.MESSAGE);
            view = view.without(Tags.MESSAGE);
        }
        status(status, time);
    }

    /** Notes what has been sent, so that it is not sent again. */
    void holds(Map<String, String> params, Map<String, String> tags) {
        view = view.with(params, tags, view.status());
    }

    /** @throws RunGone if the reply says that the run has been deleted */
    void requireThere(MlflowReply reply) {
        if (reply.runDeleted()) {
            throw deleted();
        }
    }

    /** As {@link #requireThere}; any other failure is thrown, too. */
    void check(MlflowReply reply) {
        requireThere(reply);
        reply.orThrow();
    }

    private RunGone deleted() {
        return new RunGone("Run " + view.id() + " has been deleted.");
    }
}
