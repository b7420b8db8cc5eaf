package org.dualform.spec;

/** How the demonstrations reach the model. */
public enum Method {
    /** In the prompt: in-context learning. */
    ICL("icl"),
    /** In the weights: fine-tuning of the key and value projections. */
    FT("ft");

    private final String id;

    Method(String id) {
        this.id = id;
    }

    /** The name used in flags, spec, form and files. */
    public String id() {
        return id;
    }

    /** The method of that name, which the schema has already let through. */
    static Method of(String id) {
        for (Method method : values()) if (method.id.equals(id)) return method;
        throw new IllegalArgumentException("no method " + id);
    }
}
