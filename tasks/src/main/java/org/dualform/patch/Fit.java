package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * How one change of a matrix is made from what it should add to the layer's output at several inputs.
 *
 * <p>Legend: n inputs, I width of an input, O width of an output.
 */
public enum Fit {
    /**
     * The mean of the changes that are exact for one input each, ΔW = 1/n Σ_i difference_i ⊗ input_i / ‖input_i‖². It is
     * exact where n = 1 or the inputs are at right angles, up to the factor 1/n.
     */
    MEAN {
        @Override
        NDArray right(NDArray inputs) {
            NDArray squares = inputs.square().sum(new int[] {1}, true); // (n, 1)
            return inputs.div(squares.mul(inputs.getShape().get(0))); // (n, I)
        }
    },

    /**
     * The smallest change that adds the differences at all inputs at once, in the sense of least squares: ΔW = Dᵀ (Z Zᵀ +
     * λ)⁻¹ Z for inputs Z and differences D. It is exact for each of n inputs that point in n directions, but for λ.
     */
    LEAST_SQUARES {
        @Override
        NDArray right(NDArray inputs) {
            long n = inputs.getShape().get(0);
            // In double precision, since the inputs of one place in many texts are nearly parallel.
            NDArray z = inputs.toType(DataType.FLOAT64, false); // (n, I)
            NDArray gram = z.matMul(z.transpose()); // (n, n)
            if (n > 1) {
                NDArray ridge = gram.mul(gram.getManager().eye((int) n).toType(DataType.FLOAT64, false))
                        .sum()
                        .mul(RIDGE / n); // ()
                gram = gram.add(gram.getManager()
                        .eye((int) n)
                        .toType(DataType.FLOAT64, false)
                        .mul(ridge));
            }
            return gram.inverse().matMul(z).toType(inputs.getDataType(), false); // (n, I)
        }
    };

    /** λ against the mean of the eigenvalues. Directions that are shorter are noise, and would be made long. */
    private static final double RIDGE = 1e-6;

    abstract NDArray right(NDArray inputs);

    /**
     * The change.
     *
     * @param inputs (n, I), none of them zero
     * @param differences (n, O), what is to be added at each input
     */
    LowRank of(NDArray inputs, NDArray differences) {
        return new LowRank(differences, right(inputs));
    }
}
