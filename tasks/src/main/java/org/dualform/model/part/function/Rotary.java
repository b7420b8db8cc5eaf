package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Rotary positions (Su et al. 2021, arXiv:2104.09864) in the half-split form: dimension i is rotated together with
 * dimension i + r/2, for the first r dimensions of a head; the others stay. Legend: T tokens, hd width of a head.
 *
 * @param frequencies r/2 angles per position, in radians; single precision, as when the checkpoints were trained
 * @param length a factor on the rotated dimensions; 1 in all but YaRN (Peng et al. 2023, arXiv:2309.00071)
 */
public record Rotary(List<Float> frequencies, double length) {
    /** Rotates nothing: the rotary positions of a layer without positions. */
    public static final Rotary NONE = new Rotary(List.of(), 1);

    public Rotary {
        frequencies = List.copyOf(frequencies);
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
        long half = frequencies.size();
        long headDim = x.getShape().get(x.getShape().dimension() - 1);
        NDList parts = x.split(
                headDim == 2 * half ? new long[] {half} : new long[] {half, 2 * half},
                x.getShape().dimension() - 1);
        NDArray a = parts.get(0); // (…, T, r/2)
        NDArray b = parts.get(1); // (…, T, r/2)
        NDArray turnedA = a.mul(angles.cos).sub(b.mul(angles.sin)); // (…, T, r/2)
        NDArray turnedB = b.mul(angles.cos).add(a.mul(angles.sin)); // (…, T, r/2)
        NDList turned = new NDList(turnedB);
        if (parts.size() == 3) turned.add(parts.get(2)); // (…, T, hd - r)
        return turnedA.getNDArrayInternal().concat(turned, x.getShape().dimension() - 1); // (…, T, hd)
    }
}
