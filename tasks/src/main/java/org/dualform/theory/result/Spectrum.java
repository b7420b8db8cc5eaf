package org.dualform.theory.result;

import java.util.List;

/**
 * The singular values of a matrix, the largest first, divided by its Frobenius norm.
 *
 * @param of {@code icl}, {@code ft} (mean over queries), or a patched matrix, whose numbers are shares over the queries
 */
public record Spectrum(int layer, String part, String of, List<Double> values) {
    public Spectrum {
        values = List.copyOf(values);
    }
}
