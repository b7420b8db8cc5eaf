package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention with linear biases (Press et al. 2022, arXiv:2108.12409): each head adds its slope times the column's
 * position to every score. The paper subtracts slope times distance instead. The two differ by a constant for each row,
 * which the softmax does not see, but which recorded scores contain. Legend: H query heads.
 *
 * @param slopes the slope of each of the H heads; single precision, as when the checkpoints were trained
 */
public record Alibi(List<Float> slopes) {
    public Alibi {
        slopes = List.copyOf(slopes);
    }

    /**
     * The slopes of the paper: with n the largest power of 2 up to H, 2^(−8/n), 2^(−16/n), … for n heads, and every
     * second one of the slopes for 2n heads for those that are left.
     */
    public static Alibi ofHeads(int heads) {
        int power = Integer.highestOneBit(heads);
        float base = (float) Math.pow(2, -8.0 / power);
        float between = (float) Math.pow(2, -4.0 / power);
        List<Float> slopes = new ArrayList<>();
        for (int i = 0; i < power; i++) slopes.add((float) Math.pow(base, i + 1));
        for (int i = 0; i < heads - power; i++) slopes.add((float) Math.pow(between, 2 * i + 1));
        return new Alibi(slopes);
    }

    /**
     * What is added to the scores of the columns at positions {@code start} … {@code start + columns - 1}.
     *
     * @return (H, 1, 1, columns), owned by {@code manager}
     */
    public NDArray columns(NDManager manager, int start, int columns, DataType type) {
        float[] added = new float[Math.multiplyExact(slopes.size(), columns)];
        for (int h = 0; h < slopes.size(); h++) {
            for (int c = 0; c < columns; c++) added[h * columns + c] = slopes.get(h) * (start + c);
        }
        return manager.create(added, new Shape(slopes.size(), 1, 1, columns)).toType(type, false); // (H, 1, 1, columns)
    }
}
