package org.dualform.theory;

import java.util.List;
import org.dualform.theory.result.LayerRow;
import org.dualform.theory.result.Spectrum;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in one decoder.
 *
 * @param tuned whether key and value projections were tuned; otherwise that training diverged
 * @param allWeightsRate the rate at which all weights were tuned; null if they were not, or it diverged
 */
public record Measured(boolean tuned, @Nullable Double allWeightsRate, List<LayerRow> rows, List<Spectrum> spectra) {
    public Measured {
        rows = List.copyOf(rows);
        spectra = List.copyOf(spectra);
    }
}
