package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;

/**
 * Rotary positions counted from the first token of the query. With a context the query's tokens stand further back, and
 * their queries and keys are rotated further. Turned back by as much, both settings have one frame, in which a matrix
 * that acts on queries of one acts on those of the other. Products of a query and a key stay as they are.
 *
 * @param rotaries of the pass
 * @param start the position of the query's first token
 */
record Frame(Rotaries rotaries, int start) {
    /** Turns queries or keys (…, hd) of a layer back. */
    NDArray turn(NDManager manager, int layer, NDArray x) {
        Rotary own = rotaries.of(layer);
        if (own.dimensions() == 0 || start == 0) return x;
        Rotary plain = new Rotary(own.frequencies(), 1, own.pairing());
        return plain.apply(plain.angles(manager, -start, 1, x.getDataType()), x);
    }
}
