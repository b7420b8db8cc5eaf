package org.dualform.mlflow.page;

import java.util.List;

/**
 * The colour in which MLflow's UI draws a group of runs. Palette and hash are those of MLflow 3.17
 * ({@code RUNS_COLOR_PALETTE} and {@code getStableColorForRun} in its JavaScript). If a later MLflow has others, curves
 * may look alike, and nothing else changes.
 *
 * @param rgb 24 bits
 */
record GroupColour(int rgb) {
    private static final List<Integer> PALETTE = List.of(
            0xa6630c, 0xc83243, 0xb45091, 0x8a63bf, 0x434a93, 0x137dae, 0x04867d, 0x308613, 0xfacb66, 0x1f272d,
            0x445461, 0x5f7281, 0x8396a5, 0x93320b, 0xbe501e, 0xde7921, 0xf2be88, 0x115026, 0x277c43, 0x3ba65e,
            0x8ddda8, 0x9e102c, 0xc82d4c, 0xe65b77, 0xf792a6, 0x0e538b, 0x2272b4, 0x4299e0, 0x8acaff);

    private static final int MODULUS = 255;

    static GroupColour of(String group) {
        int sum = 0;
        int sums = 0;
        for (int i = 0; i < group.length(); i++) {
            sum = (sum + group.charAt(i)) % MODULUS;
            sums = (sums + sum) % MODULUS;
        }
        return new GroupColour(PALETTE.get((sum | sums << 8) % PALETTE.size()));
    }

    /** The sum of the differences in red, green and blue: 0 to 765. */
    int distance(GroupColour other) {
        int distance = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            distance += Math.abs((rgb >> shift & 0xff) - (other.rgb >> shift & 0xff));
        }
        return distance;
    }
}
