package org.dualform.spec.arm;

/** The weights that a model runs with. */
public enum ModelVariant {
    /** The weights in its files. */
    TRAINED("trained"),
    /** Random weights throughout. */
    UNTRAINED("untrained"),
    /** Random weights, except embeddings, head and norms. */
    UNTRAINED_EMBEDDINGS("untrained_embeddings");

    private final String id;

    ModelVariant(String id) {
        this.id = id;
    }

    /** The name used in parameters, and as the name of the control. */
    public String id() {
        return id;
    }

    /** The variant of that name. */
    public static ModelVariant of(String id) {
        for (ModelVariant variant : values()) if (variant.id.equals(id)) return variant;
        throw new IllegalArgumentException("no model variant " + id);
    }
}
