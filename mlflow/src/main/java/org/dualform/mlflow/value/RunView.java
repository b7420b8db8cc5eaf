package org.dualform.mlflow.value;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run as the server shows it. The keys of params, tags and metrics are decoded ({@link KeyCodec#decode}).
 *
 * @param metrics the last value of each metric: the one at the highest step
 * @param startTime milliseconds since 1970
 * @param artifactUri where its artifacts lie, as the server names it
 */
public record RunView(
        String id,
        String experimentId,
        String name,
        RunStatus status,
        long startTime,
        boolean deleted,
        String artifactUri,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, MetricPoint> metrics) {
    public Optional<String> tag(String key) {
        return Optional.ofNullable(tags.get(key));
    }

    public boolean superseded() {
        return tags.containsKey(Tags.SUPERSEDED);
    }

    /** This run without a tag. */
    public RunView without(String tag) {
        Map<String, String> fewer = new TreeMap<>(tags);
        fewer.remove(tag);
        return new RunView(id, experimentId, name, status, startTime, deleted, artifactUri, params, fewer, metrics);
    }

    /** This run in another state, with these params and tags added or replaced. */
    public RunView with(Map<String, String> moreParams, Map<String, String> moreTags, RunStatus newStatus) {
        Map<String, String> allParams = new TreeMap<>(params);
        allParams.putAll(moreParams);
        Map<String, String> allTags = new TreeMap<>(tags);
        allTags.putAll(moreTags);
        return new RunView(
                id, experimentId, name, newStatus, startTime, deleted, artifactUri, allParams, allTags, metrics);
    }
}
