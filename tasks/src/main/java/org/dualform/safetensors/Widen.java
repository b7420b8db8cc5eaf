package org.dualform.safetensors;

import java.nio.ByteBuffer;

/**
 * Converts stored numbers to Java's and back. Widening 16-bit floating-point numbers is exact. All buffers are
 * little-endian.
 */
public final class Widen {
    private Widen() {}

    public static float[] toFloats(ByteBuffer in, StoredType type, int n) {
        float[] out = new float[n];
        switch (type) {
            case F32 -> in.asFloatBuffer().get(out);
            case F16 -> {
                for (int i = 0; i < n; i++) out[i] = half(in.getShort(2 * i));
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) out[i] = Float.intBitsToFloat(in.getShort(2 * i) << 16);
            }
            case F64 -> {
                for (int i = 0; i < n; i++) out[i] = (float) in.getDouble(8 * i);
            }
            default -> throw new IllegalArgumentException(type + " is not a type of floats");
        }
        return out;
    }

    public static double[] toDoubles(ByteBuffer in, StoredType type, int n) {
        double[] out = new double[n];
        if (type == StoredType.F64) {
            in.asDoubleBuffer().get(out);
        } else {
            float[] floats = toFloats(in, type, n);
            for (int i = 0; i < n; i++) out[i] = floats[i];
        }
        return out;
    }

    public static long[] toLongs(ByteBuffer in, int n) {
        long[] out = new long[n];
        in.asLongBuffer().get(out);
        return out;
    }

    /** Converts IEEE 754 binary16 to binary32, including subnormal numbers, infinities and NaN. */
    public static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 31 ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
    }

    /** The nearest IEEE 754 binary16 number, ties to even; infinite beyond its range. */
    public static short toHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) return (short) (sign | 0x7e00);
        if (magnitude >= 65520f) return (short) (sign | 0x7c00);
        if (magnitude < 0x1p-14f) return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        int exponent = Math.getExponent(magnitude);
        // The significand in units of its last place. A value that rounds to 2048 carries into the exponent by itself.
        int units = (int) Math.rint(Math.scalb((double) magnitude, 10 - exponent));
        int magnitudeBits = ((exponent + 15) << 10) + (units - 1024);
        return (short) (sign | magnitudeBits);
    }
}
