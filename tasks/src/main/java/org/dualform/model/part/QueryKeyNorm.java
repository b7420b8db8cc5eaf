package org.dualform.model.part;

/** How queries and keys are normed before they are rotated. */
public enum QueryKeyNorm {
    NONE,
    /** Each head by itself, all with the same weights. */
    BY_HEAD,
    /** The whole projection, before it is split into heads. */
    WHOLE
}
