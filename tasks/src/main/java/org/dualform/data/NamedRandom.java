package org.dualform.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Random draws that are named rather than seeded, and never change: SplitMix64 (Steele, Lea and Flood 2014, <a
 * href="https://doi.org/10.1145/2660193.2660195">doi:10.1145/2660193.2660195</a>) whose state starts at the first eight
 * bytes, big endian, of the SHA-256 of the name in UTF-8. Bounded numbers by rejection, so that none is favoured.
 */
final class NamedRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private long state;

    NamedRandom(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            state = ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    long nextLong() {
        state += GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, 1), in steps of 2^-53. */
    double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, bound): the remainder of the upper 63 bits, drawn again in the last incomplete block. */
    int nextInt(int bound) {
        long limit = Long.MAX_VALUE - (Long.MAX_VALUE % bound + 1) % bound;
        long bits;
        do {
            bits = nextLong() >>> 1;
        } while (bits > limit);
        return (int) (bits % bound);
    }

    /**
     * A permutation of 0 … size − 1 by Fisher and Yates from the front: position i is swapped with i + nextInt(size − i).
     * Its first k entries therefore take k draws, whatever follows.
     */
    List<Integer> permutation(int size) {
        List<Integer> order = new ArrayList<>(size);
        for (int i = 0; i < size; i++) order.add(i);
        for (int i = 0; i < size - 1; i++) Collections.swap(order, i, i + nextInt(size - i));
        return order;
    }
}
