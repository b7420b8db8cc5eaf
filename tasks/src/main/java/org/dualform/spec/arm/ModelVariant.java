package org.dualform.spec.arm;

/** Which weights a model has. */
public enum ModelVariant {
    /** Those of its files. */
    TRAINED("trained"),
    /** Random ones, all of them. */
    UNTRAINED("untrained"),
    /** Random ones, but for embeddings, head and norms. */
    UNTRAINED_EMBEDDINGS("untrained_embeddings");

    private final String id;

    ModelVariant(String id) {
        this.id = id;
    }

    /** The name used in parameters; the controls' names, too. */
    public String id() {
        return id;
    }

    /** The variant of that name. */
    public static ModelVariant of(String id) {
        for (ModelVariant variant : values()) if (variant.id.equals(id)) return variant;
        throw new IllegalArgumentException("no model variant " + id);
    }
}
