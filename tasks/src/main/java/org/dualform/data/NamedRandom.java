package org.dualform.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dualform.base.Sha256;
import org.dualform.base.SplitMix64;

/**
 * Random draws that have a name instead of a seed and never change: {@link SplitMix64} whose state starts at the first
 * eight bytes, big-endian, of the SHA-256 of the name in UTF-8. Bounded numbers are drawn in a way of its own, which must
 * stay: every row that was ever chosen depends on it.
 */
final class NamedRandom {
    private final SplitMix64 draws;

    NamedRandom(String name) {
        this.draws = new SplitMix64(Sha256.firstLong(name));
    }

    long nextLong() {
        return draws.nextLong();
    }

    /** Uniform in [0, 1), in steps of 2^-53. */
    double nextDouble() {
        return draws.nextDouble();
    }

    /**
     * Uniform in [0, bound), without bias: the remainder of the upper 63 bits, where draws from the last, incomplete block
     * of {@code bound} numbers are repeated.
     */
    int nextInt(int bound) {
        long limit = Long.MAX_VALUE - (Long.MAX_VALUE % bound + 1) % bound;
        long bits;
        do {
            bits = nextLong() >>> 1;
        } while (bits > limit);
        return (int) (bits % bound);
    }

    /**
     * A permutation of 0 … size − 1 by a Fisher-Yates shuffle from the front: position i is swapped with position i +
     * nextInt(size − i). The first k entries therefore depend on the first k draws alone.
     */
    List<Integer> permutation(int size) {
        List<Integer> order = new ArrayList<>(size);
        for (int i = 0; i < size; i++) order.add(i);
        for (int i = 0; i < size - 1; i++) Collections.swap(order, i, i + nextInt(size - i));
        return order;
    }
}
