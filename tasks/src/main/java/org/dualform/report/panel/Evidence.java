package org.dualform.report.panel;

import java.util.List;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.LayerSimilarity;

/** What figures need besides the results: single examples and layers. Where one is empty, its figures are left out. */
public record Evidence(List<ExampleLine> examples, List<LayerSimilarity> layers) {
    public static final Evidence NONE = new Evidence(List.of(), List.of());

    public Evidence {
        examples = List.copyOf(examples);
        layers = List.copyOf(layers);
    }
}
