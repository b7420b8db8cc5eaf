package org.dualform.hub.http;

/** The kinds of repositories on the hub. */
public enum RepoKind {
    MODEL("model", ""),
    DATASET("data set", "datasets/");

    private final String word;
    private final String pagePrefix;

    RepoKind(String word, String pagePrefix) {
        this.word = word;
        this.pagePrefix = pagePrefix;
    }

    /** The word for messages. */
    public String word() {
        return word;
    }

    /** The plural in the API's paths and in the names of the cache's folders. */
    String plural() {
        return this == MODEL ? "models" : "datasets";
    }

    /** What stands before the id in the addresses of pages and files. */
    String pagePrefix() {
        return pagePrefix;
    }
}
