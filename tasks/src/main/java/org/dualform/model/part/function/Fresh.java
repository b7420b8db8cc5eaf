package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Arithmetic on an intermediate array that nobody else holds. Without gradients the result takes the array's own memory,
 * which saves an array and a pass through fresh memory. With gradients it is a new array, because the engine may need
 * the old numbers. The result is the same to the last bit either way.
 */
public final class Fresh {
    private Fresh() {}

    /** {@code fresh · x}, element by element; {@code x} is repeated along missing axes. */
    public static NDArray times(NDArray fresh, NDArray x) {
        return recorded() ? fresh.mul(x) : fresh.muli(x);
    }

    /** {@code fresh + x}. */
    public static NDArray plus(NDArray fresh, NDArray x) {
        return recorded() ? fresh.add(x) : fresh.addi(x);
    }

    /** {@code fresh − x}. */
    public static NDArray minus(NDArray fresh, NDArray x) {
        return recorded() ? fresh.sub(x) : fresh.subi(x);
    }

    /** {@code fresh / x}. */
    public static NDArray over(NDArray fresh, NDArray x) {
        return recorded() ? fresh.div(x) : fresh.divi(x);
    }

    private static boolean recorded() {
        return JniUtils.isGradMode();
    }
}
