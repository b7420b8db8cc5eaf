package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the built-in model's card says of label words that were never labels in its pretraining. */
class BuiltInModelTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void bothWaysLearnLabelsItNeverMet() throws Exception {
        JsonNode results = WholeChain.results(folder, """
                {"model": "mini", "datasets": "arbitrary", "shots": "0,8", "seeds": "1,2,3", "limit": 200, "passes": 10}
                """);
        JsonNode metrics = results.path("summary").path(1).path("metrics");
        assertThat(metrics.path("icl_minus_zsl").path("low").doubleValue()).isGreaterThan(0.25);
        assertThat(metrics.path("ft_minus_zsl").path("low").doubleValue()).isPositive();
        assertThat(metrics.path("ft_minus_zsl").path("n").asInt()).isEqualTo(600);
    }
}
