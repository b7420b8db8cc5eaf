package org.dualform.mlflow.live;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.rest.LongValues;
import org.dualform.mlflow.value.KeyCodec;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;

/** Sends params and tags, as far as the run does not have them. A value that is too long goes along as a file. */
final class ValueSender {
    private final CurrentRun run;
    private final Succession succession;
    private final BatchSender batches;
    private final FileSender files;
    private final Refusals refusals;

    ValueSender(CurrentRun run, Succession succession, BatchSender batches, FileSender files, Refusals refusals) {
        this.run = run;
        this.succession = succession;
        this.batches = batches;
        this.files = files;
        this.refusals = refusals;
    }

    /**
     * Sends the params and tags of the specification, and brings the run to RUNNING.
     *
     * @throws RunGone if the run has other params
     */
    void specification() {
        LongValues params = LongValues.params(run.spec().params());
        if (differs(run.view().params(), params.values())) {
            throw succession.replace();
        }
        run.wake();
        send(params, LongValues.tags(run.ownTags()));
    }

    /**
     * Adds params. One that the specification fixes to another value is refused.
     *
     * @throws RunGone if the run has other values of them
     */
    void params(Map<String, String> params) {
        run.refreshUnlessMade();
        requireSame(params);
        send(List.of(), params, Map.of(), Map.of());
    }

    /**
     * Compares params with those of the run as it was last seen.
     *
     * @throws RunGone if the run has other values of them
     */
    void requireSame(Map<String, String> params) {
        if (!run.isLate() && differs(run.view().params(), free(params).values())) {
            throw succession.replaceAndCarry();
        }
    }

    /**
     * Sends what the run does not have in one batch.
     *
     * @param points points that the run does not have
     * @param own tags that are sent as they are
     */
    void send(List<MetricPoint> points, Map<String, String> params, Map<String, String> tags, Map<String, String> own) {
        send(points, free(params), LongValues.tags(tags), own);
    }

    /** The params that the specification does not fix to another value; the others are refused. */
    private LongValues free(Map<String, String> params) {
        return LongValues.params(free(LongValues.params(run.spec().params()).values(), params));
    }

    private Map<String, String> free(Map<String, String> fixed, Map<String, String> params) {
        Map<String, String> free = new LinkedHashMap<>();
        params.forEach((name, value) -> {
            if (differs(fixed, LongValues.params(Map.of(name, value)).values())) {
                refusals.add(
                        new Operation.Params(Map.of(name, value)),
                        "The specification of run " + run.id() + " fixes the param " + name + " to another value.");
            } else {
                free.put(name, value);
            }
        });
        return free;
    }

    void tags(Map<String, String> tags) {
        send(List.of(), Map.of(), tags, Map.of());
    }

    private void send(LongValues params, LongValues tags) {
        send(List.of(), params, tags, Map.of());
    }

    private void send(List<MetricPoint> points, LongValues params, LongValues tags, Map<String, String> own) {
        RunView view = run.view();
        Map<String, String> newParams = new LinkedHashMap<>(params.values());
        newParams.keySet().removeIf(name -> view.params().containsKey(KeyCodec.readBack(name)));
        Map<String, String> newTags = new LinkedHashMap<>(tags.values());
        newTags.entrySet().removeIf(tag -> isThere(tag, view));
        newTags.putAll(own);
        batches.send(points, newParams, newTags);
        params.whole().forEach(files::text);
        tags.whole().forEach(files::text);
        run.holds(readBack(newParams), readBack(newTags));
    }

    /**
     * Whether the run has this tag's value, or a later task's value of it. Why an earlier task failed is not said of a run
     * that a later one has opened.
     */
    private boolean isThere(Map.Entry<String, String> tag, RunView view) {
        String old = view.tags().get(KeyCodec.readBack(tag.getKey()));
        return run.isLate()
                ? old != null || tag.getKey().equals(Tags.MESSAGE)
                : tag.getValue().equals(old);
    }

    private static Map<String, String> readBack(Map<String, String> values) {
        Map<String, String> named = new LinkedHashMap<>();
        values.forEach((name, value) -> named.put(KeyCodec.readBack(name), value));
        return named;
    }

    /** Whether a value that is there is another one now. */
    static boolean differs(Map<String, String> there, Map<String, String> now) {
        return now.entrySet().stream().anyMatch(entry -> {
            String old = there.get(KeyCodec.readBack(entry.getKey()));
            return old != null && !old.equals(entry.getValue());
        });
    }
}
