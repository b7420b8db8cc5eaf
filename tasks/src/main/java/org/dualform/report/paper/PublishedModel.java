package org.dualform.report.paper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * A model of Dai et al. 2022 (arXiv 2212.10559, tables 1 to 5 of the ACL version) with the values that the paper reports.
 *
 * @param name as the paper calls it
 * @param values by metric and data set; accuracies and Rec2FTP in percent, similarities as they are
 */
record PublishedModel(String name, Map<MetricName, Map<String, Double>> values) {
    private static final String RESOURCE = "dai2022.csv";
    private static final int MODEL = 1;
    private static final int METRIC = 2;
    private static final int FIRST_DATASET = 3;

    /** The paper's models, the smaller first. */
    static List<PublishedModel> all() {
        List<String[]> lines = lines();
        String[] head = lines.get(0);
        Map<String, Map<MetricName, Map<String, Double>>> models = new LinkedHashMap<>();
        for (String[] line : lines.subList(1, lines.size())) {
            Map<String, Double> byDataset = new LinkedHashMap<>();
            for (int i = FIRST_DATASET; i < line.length; i++) byDataset.put(head[i], Double.valueOf(line[i]));
            models.computeIfAbsent(line[MODEL], model -> new LinkedHashMap<>())
                    .put(MetricName.parse(line[METRIC]), byDataset);
        }
        return models.entrySet().stream()
                .map(model -> new PublishedModel(model.getKey(), model.getValue()))
                .toList();
    }

    /** The value; null where the paper has none. */
    @Nullable Double value(MetricName metric, String dataset) {
        Map<String, Double> byDataset = values.get(metric);
        return byDataset == null ? null : byDataset.get(dataset);
    }

    private static List<String[]> lines() {
        try (InputStream file = PublishedModel.class.getResourceAsStream(RESOURCE)) {
            if (file == null) throw new IllegalStateException(RESOURCE + " is missing from the program");
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
