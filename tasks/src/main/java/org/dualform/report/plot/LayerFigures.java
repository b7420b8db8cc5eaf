package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dualform.base.Counted;
import org.dualform.report.figure.HeatMap;
import org.dualform.report.figure.LayerBoxes;
import org.dualform.report.figure.Look;
import org.dualform.report.panel.Evidence;
import org.dualform.report.panel.Numbers;
import org.dualform.score.metric.Floor;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.result.LayerSimilarity;
import org.jspecify.annotations.Nullable;

/** Similarities layer by layer, as figures 2 and 3 of Dai et al. 2022. */
public final class LayerFigures {
    private static final int SAMPLE = 50;

    /** A similarity, its floor, and how both are called. */
    private record Drawn(MetricName metric, String name, Look look, MetricName floor) {}

    private static final List<Drawn> DRAWN = List.of(
            new Drawn(
                    MetricName.of(Quantity.SIM_AOU),
                    "SimAOU",
                    Look.ICL,
                    MetricName.of(Quantity.SIM_AOU).beside(Floor.RANDOM)),
            new Drawn(MetricName.of(Quantity.SIM_AM), "SimAM", Look.FT, MetricName.of(Quantity.SIM_AM_BEFORE_FT)));

    private LayerFigures() {}

    /** Boxes of one data set; empty where nothing was recorded. */
    public static Optional<Figure> boxes(String dataset, Evidence evidence) {
        List<LayerBoxes.Series> series = new ArrayList<>();
        int examples = 0;
        for (Drawn drawn : DRAWN) {
            List<LayerSimilarity> cells = of(evidence, dataset, drawn.metric());
            List<double[]> values = pooled(cells);
            if (values.stream().allMatch(layer -> layer.length == 0)) continue;
            examples = Math.max(
                    examples, values.stream().mapToInt(v -> v.length).max().orElse(0));
            series.add(new LayerBoxes.Series(
                    drawn.look(), drawn.name(), values, means(of(evidence, dataset, drawn.floor()))));
        }
        if (series.isEmpty()) return Optional.empty();
        return Optional.of(new Figure(
                "SimAOU and SimAM on " + dataset + " in every layer",
                "n = " + Counted.of(examples, "example") + " (" + SAMPLE
                        + " a cell at most). Box: quartiles and median; whiskers: up to"
                        + " 1.5 boxes. Grey: mean of SimAOU with a random direction, of SimAM before fine-tuning.",
                LayerBoxes.of(dataset, "floors", series)));
    }

    /** The means of each similarity by layer, with a row for each data set; empty where nothing was recorded. */
    public static List<Figure> heatMaps(List<String> datasets, Evidence evidence) {
        List<Figure> figures = new ArrayList<>();
        for (Drawn drawn : DRAWN) {
            List<String> rows = new ArrayList<>();
            List<List<@Nullable Double>> values = new ArrayList<>();
            for (String dataset : datasets) {
                List<@Nullable Double> means = means(of(evidence, dataset, drawn.metric()));
                if (means.stream().allMatch(Objects::isNull)) continue;
                rows.add(dataset);
                values.add(means);
            }
            int layers = values.stream().mapToInt(List::size).max().orElse(0);
            values.forEach(row -> {
                while (row.size() < layers) row.add(null);
            });
            if (layers == 0) continue;
            List<String> columns = IntStream.rangeClosed(1, layers)
                    .mapToObj(layer -> layers <= 24 || layer % 4 == 1 ? Integer.toString(layer) : "")
                    .toList();
            double highest = values.stream()
                    .flatMap(List::stream)
                    .filter(Objects::nonNull)
                    .mapToDouble(v -> v)
                    .max()
                    .orElse(1);
            figures.add(new Figure(
                    drawn.name() + " by layer and data set",
                    "Mean over examples and seeds; a dash is undefined. Darkest: " + Numbers.decimal(highest) + ".",
                    HeatMap.of(drawn.name(), rows, columns, "layer", values, 0, Math.max(.05, highest), "%.2f")));
        }
        return figures;
    }

    private static List<LayerSimilarity> of(Evidence evidence, String dataset, MetricName metric) {
        return evidence.layers().stream()
                .filter(l -> l.id().isMain()
                        && l.id().order() == 0
                        && l.id().dataset().equals(dataset)
                        && l.metric().equals(metric.text()))
                .toList();
    }

    private static List<double[]> pooled(List<LayerSimilarity> cells) {
        int layers = cells.stream().mapToInt(c -> c.values().size()).max().orElse(0);
        List<double[]> pooled = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            List<Double> values = new ArrayList<>();
            for (LayerSimilarity cell : cells)
                if (layer < cell.values().size())
                    for (Double value : cell.values().get(layer)) if (value != null) values.add(value);
            pooled.add(values.stream().mapToDouble(v -> v).toArray());
        }
        return pooled;
    }

    /** The means over cells, by layer; null where no cell has one. */
    private static List<@Nullable Double> means(List<LayerSimilarity> cells) {
        int layers = cells.stream().mapToInt(c -> c.mean().size()).max().orElse(0);
        List<@Nullable Double> means = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            double sum = 0;
            int count = 0;
            for (LayerSimilarity cell : cells) {
                Double mean = layer < cell.mean().size() ? cell.mean().get(layer) : null;
                if (mean == null) continue;
                sum += mean;
                count++;
            }
            means.add(count == 0 ? null : sum / count);
        }
        return means;
    }
}
