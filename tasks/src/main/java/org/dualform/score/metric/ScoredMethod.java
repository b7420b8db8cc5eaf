package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The three ways to answer that are scored side by side. In files each is written as its {@link #id()}. */
public enum ScoredMethod {
    /** Zero-shot: the model as it is, without demonstrations. */
    ZSL("zsl"),
    /** In-context learning: the demonstrations stand in the prompt. */
    ICL("icl"),
    /** Fine-tuning: the model was trained on the demonstrations and is asked without them. */
    FT("ft");

    private final String id;

    ScoredMethod(String id) {
        this.id = id;
    }

    /** The name in files and in names of metrics: {@code zsl}, {@code icl} or {@code ft}. */
    @JsonValue
    public String id() {
        return id;
    }

    /** The method of that name; empty if there is none. */
    public static Optional<ScoredMethod> find(String id) {
        return Arrays.stream(values()).filter(method -> method.id.equals(id)).findFirst();
    }

    /**
     * The method of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static ScoredMethod of(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no such method: " + id));
    }
}
