package org.dualform.theory.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the theory in one model on one data set.
 *
 * @param shots the number of demonstrations in the context
 * @param contextTokens the number of tokens of the context, what opens it included
 * @param precision the type of the model's numbers, {@code float32} or {@code float64}
 * @param learningRate of the fine-tuning of key and value projections; null if it diverged, and nothing is known of ΔW_FT
 * @param keysAffine whether keys are affine in the layer's input, so that ΔW_FT has three terms
 * @param patched whether the patches were measured
 * @param fullLearningRate of the fine-tuning of all weights, which patches are compared with; null if it was left out
 * @param rows all measures, ordered
 * @param notes what a reader must know, for people
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DualFormResult(
        int schema,
        String model,
        String dataset,
        String template,
        int seed,
        int shots,
        int queries,
        int contextTokens,
        int layers,
        String precision,
        @Nullable Double learningRate,
        boolean keysAffine,
        boolean patched,
        @Nullable Double fullLearningRate,
        List<LayerRow> rows,
        List<Spectrum> spectra,
        List<String> notes) {
    public static final int SCHEMA = 1;

    public DualFormResult {
        rows = List.copyOf(rows);
        spectra = List.copyOf(spectra);
        notes = List.copyOf(notes);
    }

    /** What an identity's residual has to be below. */
    public double limit() {
        return precision.equals("float64") ? 1e-12 : 1e-5;
    }

    /** The mean over all parts of all layers; empty if the measure has no value. */
    public OptionalDouble mean(Measure measure, Floor floor) {
        return rows.stream()
                .filter(row -> row.measure() == measure && row.floor() == floor)
                .mapToDouble(LayerRow::mean)
                .average();
    }

    /** The largest single value; empty if the measure has none. */
    public OptionalDouble most(Measure measure) {
        return rows.stream()
                .filter(row -> row.measure() == measure && row.floor() == Floor.NONE)
                .mapToDouble(LayerRow::most)
                .max();
    }

    /** The largest residual of any identity. */
    public double worst() {
        return rows.stream()
                .filter(row -> row.measure().isIdentity() && row.floor() == Floor.NONE)
                .mapToDouble(LayerRow::most)
                .max()
                .orElse(0);
    }

    /** Whether every identity that was measured holds to rounding. */
    public boolean holds() {
        return worst() < limit();
    }
}
