package org.dualform.score.similarity;

import java.util.Arrays;
import org.dualform.base.SplitMix64;

/** Random directions that are fixed: a row, layer and distribution always give the same numbers, on every machine. */
final class Directions {
    private static final long NORMAL = 0x5EED_0001L;
    private static final long UNIFORM = 0x5EED_0002L;
    private static final long PAIRING = 0x5EED_0003L;

    private Directions() {}

    /** Independent standard normal numbers, by Marsaglia's polar method: one logarithm for two of them. */
    static double[] normal(int size, int row, int layer) {
        SplitMix64 random = SplitMix64.stream(NORMAL + row, layer);
        double[] direction = new double[size];
        for (int i = 0; i < size; i += 2) {
            double x;
            double y;
            double square;
            do {
                x = 2 * random.nextDouble() - 1;
                y = 2 * random.nextDouble() - 1;
                square = x * x + y * y;
            } while (square >= 1 || square == 0);
            // StrictMath: the same bits on every machine.
            double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
            direction[i] = x * factor;
            if (i + 1 < size) direction[i + 1] = y * factor;
        }
        return direction;
    }

    /** Independent numbers for a random order. Their distribution does not matter, since only the order is used. */
    static double[] order(int size, int row, int layer) {
        return uniform(NORMAL, size, row, layer);
    }

    /** Independent numbers uniform in [0, 1). */
    static double[] uniform(int size, int row, int layer) {
        return uniform(UNIFORM, size, row, layer);
    }

    private static double[] uniform(long seed, int size, int row, int layer) {
        SplitMix64 random = SplitMix64.stream(seed + row, layer);
        double[] direction = new double[size];
        for (int i = 0; i < size; i++) direction[i] = random.nextDouble();
        return direction;
    }

    /** For each of {@code rows} another row, every row once: a random cycle through all. A single row gets itself. */
    static int[] otherRows(int rows) {
        SplitMix64 random = new SplitMix64(PAIRING);
        int[] cycle = new int[rows];
        Arrays.setAll(cycle, i -> i);
        for (int i = rows - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = cycle[i];
            cycle[i] = cycle[j];
            cycle[j] = kept;
        }
        int[] other = new int[rows];
        for (int i = 0; i < rows; i++) other[cycle[i]] = cycle[(i + 1) % rows];
        return other;
    }
}
