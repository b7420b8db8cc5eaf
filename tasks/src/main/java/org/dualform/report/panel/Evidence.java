package org.dualform.report.panel;

import java.util.List;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.LayerSimilarity;

/** What figures need beside the results: single examples and layers. Either may be empty; then its figures are left out. */
public record Evidence(List<ExampleLine> examples, List<LayerSimilarity> layers) {
    public static final Evidence NONE = new Evidence(List.of(), List.of());

    public Evidence {
        examples = List.copyOf(examples);
        layers = List.copyOf(layers);
    }
}
