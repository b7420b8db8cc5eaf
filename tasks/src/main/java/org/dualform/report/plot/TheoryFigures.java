package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.base.Counted;
import org.dualform.report.figure.HeatMap;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.LayerRow;
import org.dualform.theory.result.Measure;
import org.jspecify.annotations.Nullable;

/** The theory's measures layer by layer, each beside its floors. */
public final class TheoryFigures {
    private static final int NARROW = 24;

    /** What a figure shows. */
    private record Shown(String title, List<Measure> measures) {}

    private static final List<Shown> SHOWN = List.of(
            new Shown("Likeness of ΔW_ICL and ΔW_FT", List.of(Measure.COSINE, Measure.ALIGNMENT)),
            new Shown("Softmax attention", List.of(Measure.RELAXATION, Measure.MASS)),
            new Shown("Patches", List.of(Measure.PATCH_SHARED, Measure.PATCH_FT)));

    private TheoryFigures() {}

    /** The figures of one result; what was not measured is left out. */
    public static List<Figure> of(DualFormResult result) {
        List<Figure> figures = new ArrayList<>();
        for (Shown shown : SHOWN) {
            List<String> names = new ArrayList<>();
            List<List<@Nullable Double>> values = new ArrayList<>();
            for (Measure measure : shown.measures) {
                for (Floor floor : Floor.values()) {
                    if (result.mean(measure, floor).isEmpty()) continue;
                    names.add(measure.id() + (floor == Floor.NONE ? "" : " " + floor.id()));
                    values.add(byLayer(result, measure, floor));
                }
            }
            if (!names.isEmpty()) figures.add(figure(result, shown.title, names, values));
        }
        return figures;
    }

    private static Figure figure(
            DualFormResult result, String title, List<String> names, List<List<@Nullable Double>> values) {
        List<String> columns = IntStream.range(0, result.layers())
                .mapToObj(layer -> result.layers() <= NARROW || layer % 4 == 0 ? Integer.toString(layer) : "")
                .toList();
        return new Figure(
                title + " in every layer on " + result.dataset(),
                "Mean over heads and " + Counted.of(result.queries(), "query", "queries")
                        + "; a dash is undefined. Floors stand below what they belong to.",
                HeatMap.of(title, names, columns, "layer", values, 0, 1, "%.2f"));
    }

    private static List<@Nullable Double> byLayer(DualFormResult result, Measure measure, Floor floor) {
        List<@Nullable Double> means = new ArrayList<>();
        for (int layer = 0; layer < result.layers(); layer++) {
            int wanted = layer;
            var mean = result.rows().stream()
                    .filter(row -> row.layer() == wanted && row.measure() == measure && row.floor() == floor)
                    .mapToDouble(LayerRow::mean)
                    .average();
            means.add(mean.isPresent() ? mean.getAsDouble() : null);
        }
        return means;
    }
}
