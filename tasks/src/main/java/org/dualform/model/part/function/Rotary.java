package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary positions (Su et al. 2021, arXiv:2104.09864): the first r dimensions of a head are rotated in pairs; the others
 * stay. Legend: T tokens, hd width of a head.
 *
 * @param frequencies r/2 angles per position, in radians; single precision, as when the checkpoints were trained
 * @param length a factor on the rotated dimensions; 1 in all but YaRN (Peng et al. 2023, arXiv:2309.00071)
 * @param pairing which dimensions are rotated together
 */
public record Rotary(List<Float> frequencies, double length, Pairing pairing) {
    /** Which two dimensions make pair i. */
    public enum Pairing {
        /** i and i + r/2. */
        HALVES,
        /** 2i and 2i + 1. */
        NEIGHBOURS
    }

    /** Rotates nothing: the rotary positions of a layer without positions. */
    public static final Rotary NONE = new Rotary(List.of(), 1);

    public Rotary {
        frequencies = List.copyOf(frequencies);
    }

    /** Rotary positions whose pairs are i and i + r/2, as in most families. */
    public Rotary(List<Float> frequencies, double length) {
        this(frequencies, length, Pairing.HALVES);
    }

    /** The cosines and sines of every position's angles, times the length: (T, r/2) each. */
    public record Angles(NDArray cos, NDArray sin) {}

    /** The number of dimensions of a head that are rotated. */
    public int dimensions() {
        return 2 * frequencies.size();
    }

    /** The angles of positions {@code start} … {@code start + tokens - 1}, owned by {@code manager}. */
    public Angles angles(NDManager manager, int start, int tokens, DataType type) {
        int half = frequencies.size();
        double[] cos = new double[tokens * half];
        double[] sin = new double[tokens * half];
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < half; i++) {
                float angle = (start + t) * frequencies.get(i);
                cos[t * half + i] = (float) (length * Math.cos(angle));
                sin[t * half + i] = (float) (length * Math.sin(angle));
            }
        }
        Shape shape = new Shape(tokens, half);
        // Copied into the engine's memory: a backward pass reads them after arrays over Java's memory are gone.
        return new Angles(
                Scaled.engineOwned(manager.create(cos, shape), type),
                Scaled.engineOwned(manager.create(sin, shape), type));
    }

    /** Rotates {@code x} (…, T, hd); the shape stays. */
    public NDArray apply(Angles angles, NDArray x) {
        return switch (pairing) {
            case HALVES -> halves(angles, x);
            case NEIGHBOURS -> neighbours(angles, x);
        };
    }

    private NDArray halves(Angles angles, NDArray x) {
        int last = x.getShape().dimension() - 1;
        long half = frequencies.size();
        boolean whole = x.getShape().get(last) == 2 * half;
        NDList parts = x.split(whole ? new long[] {half} : new long[] {half, 2 * half}, last);
        NDList turned = turned(angles, parts.get(0), parts.get(1)); // (…, T, r/2) each
        NDList rest = new NDList(turned.get(1));
        if (!whole) rest.add(parts.get(2)); // (…, T, hd - r)
        return turned.get(0).getNDArrayInternal().concat(rest, last); // (…, T, hd)
    }

    private NDArray neighbours(Angles angles, NDArray x) {
        int last = x.getShape().dimension() - 1;
        boolean whole = x.getShape().get(last) == dimensions();
        NDList parts = whole ? new NDList(x) : x.split(new long[] {dimensions()}, last);
        long[] joined = parts.get(0).getShape().getShape(); // (…, T, r)
        long[] paired = Arrays.copyOf(joined, last + 2);
        paired[last] = frequencies.size();
        paired[last + 1] = 2;
        NDList pairs = parts.get(0).reshape(paired).split(2, last + 1); // (…, T, r/2, 1) each
        NDArray a = pairs.get(0).squeeze(last + 1); // (…, T, r/2)
        NDArray b = pairs.get(1).squeeze(last + 1); // (…, T, r/2)
        NDList turned = turned(angles, a, b); // (…, T, r/2) each
        NDArray y = turned.get(0).stack(turned.get(1), last + 1).reshape(joined); // (…, T, r)
        return whole ? y : y.getNDArrayInternal().concat(new NDList(parts.get(1)), last); // (…, T, hd)
    }

    /** Turns the pairs (a, b), (…, T, r/2) each. */
    private static NDList turned(Angles angles, NDArray a, NDArray b) {
        try (NDArray across = b.mul(angles.sin);
                NDArray along = a.mul(angles.sin)) {
            return new NDList(
                    Fresh.minus(a.mul(angles.cos), across), // (…, T, r/2)
                    Fresh.plus(b.mul(angles.cos), along)); // (…, T, r/2)
        }
    }
}
