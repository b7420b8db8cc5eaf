package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.model.part.Alibi;
import org.dualform.model.part.Architecture;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores before the softmax: −∞ where a row does not see a column, and elsewhere 0, or what {@link
 * Alibi} adds.
 *
 * <p>The prefix is kept whole even under sliding windows, so that cutting it gives the shorter prefix. The mask alone
 * hides what is too far back.
 *
 * <p>Legend: T tokens of this call, P tokens of the prefix, H query heads.
 *
 * @param prefix (T, P), with ALiBi (H, 1, 1 or T, P), or null if nothing is added
 * @param own (T, T), with ALiBi (H, 1, 1 or T, T), or null if nothing is added
 */
record Mask(@Nullable NDArray prefix, @Nullable NDArray own) {
    /** The masks of all layers. Layers with equal windows share one. */
    static List<Mask> byLayer(NDManager manager, Architecture architecture, int prefix, int tokens, DataType type) {
        Alibi alibi = architecture.alibi();
        NDArray before = alibi == null || prefix == 0 ? null : alibi.columns(manager, 0, prefix, type); // (H, 1, 1, P)
        NDArray own = alibi == null ? null : alibi.columns(manager, prefix, tokens, type); // (H, 1, 1, T)
        Map<Integer, Mask> byWindow = new HashMap<>();
        List<Mask> masks = new ArrayList<>();
        for (int layer = 0; layer < architecture.sizes().layers(); layer++) {
            int window = Math.min(architecture.windows().of(layer), prefix + tokens);
            masks.add(byWindow.computeIfAbsent(
                    window,
                    w -> new Mask(
                            sum(
                                    prefix == 0 || w >= prefix + tokens
                                            ? null
                                            : rows(manager, prefix, 0, tokens, prefix, w, type),
                                    before),
                            sum(tokens == 1 ? null : rows(manager, prefix, prefix, tokens, tokens, w, type), own))));
        }
        return masks;
    }

    private static @Nullable NDArray sum(@Nullable NDArray mask, @Nullable NDArray added) {
        if (mask == null) return added;
        return added == null ? mask : mask.add(added); // (H, 1, rows, columns)
    }

    /** The mask of rows from position {@code row0} on and columns from position {@code column0} on: (rows, columns). */
    private static NDArray rows(
            NDManager manager, int row0, int column0, int rows, int columns, int window, DataType type) {
        float[] mask = new float[Math.multiplyExact(rows, columns)];
        for (int t = 0; t < rows; t++) {
            for (int c = 0; c < columns; c++) {
                int back = row0 + t - (column0 + c);
                if (back < 0 || back >= window) mask[t * columns + c] = Float.NEGATIVE_INFINITY;
            }
        }
        return manager.create(mask, new Shape(rows, columns)).toType(type, false); // (rows, columns)
    }
}
