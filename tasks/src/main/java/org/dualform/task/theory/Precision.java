package org.dualform.task.theory;

import ai.djl.ndarray.types.DataType;
import org.dualform.spec.choice.Choice;

/** The type of the numbers that the identities are checked in. */
enum Precision implements Choice {
    FLOAT32(DataType.FLOAT32),
    /** Twice the memory, and a few times as slow. */
    FLOAT64(DataType.FLOAT64);

    private final DataType type;

    Precision(DataType type) {
        this.type = type;
    }

    DataType type() {
        return type;
    }
}
