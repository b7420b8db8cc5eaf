package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the built-in model's card on label words that were never labels in its pretraining. */
class BuiltInModelTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void bothWaysLearnLabelsItNeverMet() throws Exception {
        JsonNode results = WholeChain.results(folder, """
                {"model": "mini", "datasets": "arbitrary", "shots": "0,8,16", "seeds": "1,2,3", "limit": 200, "passes": 10}
                """);
        JsonNode atEight = results.path("summary").path(1).path("metrics");
        assertThat(atEight.path("icl_minus_zsl").path("low").doubleValue()).isGreaterThan(0.25);
        // At 8 shots two rates are all but equal on the rows that choose, and the processor's rounding decides.
        JsonNode atSixteen = results.path("summary").path(2).path("metrics");
        assertThat(atSixteen.path("ft_minus_zsl").path("low").doubleValue()).isGreaterThan(0.25);
        assertThat(atSixteen.path("ft_minus_zsl").path("n").asInt()).isEqualTo(600);
    }
}
