package org.dualform.hub.http;

/** What a repository on the hub holds. */
public enum RepoKind {
    MODEL("model", ""),
    DATASET("data set", "datasets/");

    private final String word;
    private final String pagePrefix;

    RepoKind(String word, String pagePrefix) {
        this.word = word;
        this.pagePrefix = pagePrefix;
    }

    /** For messages. */
    public String word() {
        return word;
    }

    /** As in the API's paths and the cache's folder names. */
    String plural() {
        return this == MODEL ? "models" : "datasets";
    }

    /** Before the id in the addresses of pages and files. */
    String pagePrefix() {
        return pagePrefix;
    }
}
