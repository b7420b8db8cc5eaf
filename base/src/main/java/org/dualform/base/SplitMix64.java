package org.dualform.base;

import java.util.ArrayList;
import java.util.List;

/**
 * The pseudo-random number generator SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators", <a href="https://doi.org/10.1145/2660193.2660195">doi:10.1145/2660193.2660195</a>). It is written out here
 * so that a seed gives the same numbers on every Java version. Not safe for use by several threads.
 */
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long seed) {
        this.state = seed;
    }

    /**
     * The generator of part {@code index} of what {@code seed} makes. Each part has its own, so that parts can be made in
     * any order.
     */
    public static SplitMix64 stream(long seed, long index) {
        return new SplitMix64(mix(seed + GOLDEN_GAMMA) ^ mix(index * GOLDEN_GAMMA + 1));
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform on [0, 1), in steps of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Standard normal, by the Box-Muller transform (its cosine half). */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }

    /**
     * Uniform on 0 … bound − 1. The draws that would favour small values are repeated (Lemire 2019, <a
     * href="https://arxiv.org/abs/1805.10941">arXiv:1805.10941</a>).
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is not positive");
        }
        int excess = (int) ((1L << 32) % bound);
        while (true) {
            long draw = nextLong() >>> 32;
            long product = draw * bound;
            if ((product & 0xFFFFFFFFL) >= excess) {
                return (int) (product >>> 32);
            }
        }
    }

    /** Uniform on low … high, both included. */
    public int between(int low, int high) {
        return low + nextInt(high - low + 1);
    }

    public <T> T pick(List<T> from) {
        return from.get(nextInt(from.size()));
    }

    /** {@code count} different elements in random order, by a Fisher-Yates shuffle from the front. */
    public <T> List<T> sample(List<T> from, int count) {
        List<T> pool = new ArrayList<>(from);
        for (int i = 0; i < count; i++) {
            int j = between(i, pool.size() - 1);
            T kept = pool.get(i);
            pool.set(i, pool.get(j));
            pool.set(j, kept);
        }
        return List.copyOf(pool.subList(0, count));
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
