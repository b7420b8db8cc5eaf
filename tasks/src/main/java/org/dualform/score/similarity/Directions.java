package org.dualform.score.similarity;

import java.util.Arrays;
import org.dualform.data.synthetic.SplitMix64;

/** Fixed random directions: the same for a row, layer and metric, wherever and whenever they are drawn. */
final class Directions {
    private static final long NORMAL = 0x5EED_0001L;
    private static final long UNIFORM = 0x5EED_0002L;
    private static final long PAIRING = 0x5EED_0003L;

    private Directions() {}

    /** Independent standard normal numbers, two from each pair of draws (Box and Muller 1958). */
    static double[] normal(int size, int row, int layer) {
        SplitMix64 random = SplitMix64.stream(NORMAL + row, layer);
        double[] direction = new double[size];
        for (int i = 0; i < size; i += 2) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * Math.PI * random.nextDouble();
            direction[i] = radius * StrictMath.cos(angle);
            if (i + 1 < size) direction[i + 1] = radius * StrictMath.sin(angle);
        }
        return direction;
    }

    /** Independent numbers uniform in [0, 1). */
    static double[] uniform(int size, int row, int layer) {
        SplitMix64 random = SplitMix64.stream(UNIFORM + row, layer);
        double[] direction = new double[size];
        for (int i = 0; i < size; i++) direction[i] = random.nextDouble();
        return direction;
    }

    /** For each of {@code rows} another row, every row once: a cycle through all in random order; itself if alone. */
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
