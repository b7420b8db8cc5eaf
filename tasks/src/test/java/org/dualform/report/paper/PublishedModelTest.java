package org.dualform.report.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.dualform.score.metric.MetricName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paper prints the average over its six data sets. A slip in one of the values would change it. */
class PublishedModelTest {
    @ParameterizedTest
    @CsvSource({
        "GPT 1.3B, rec2ftp, 85.56, 0.005",
        "GPT 2.7B, rec2ftp, 89.39, 0.005",
        "GPT 1.3B, sim_aou, 0.186, 0.0005",
        "GPT 2.7B, sim_aou, 0.225, 0.0005",
        "GPT 1.3B, sim_am.before_ft, 0.338, 0.0005",
        "GPT 1.3B, sim_am, 0.442, 0.0005",
        "GPT 2.7B, sim_am.before_ft, 0.355, 0.0005",
        "GPT 2.7B, sim_am, 0.434, 0.0005",
        "GPT 1.3B, kendall.token, 0.193, 0.0006",
        "GPT 2.7B, kendall.token, 0.214, 0.0005"
    })
    void theAverageIsThePapers(String model, String metric, double average, double rounding) {
        PublishedModel published = PublishedModel.all().stream()
                .filter(each -> each.name().equals(model))
                .findFirst()
                .orElseThrow();
        assertThat(published.values().get(MetricName.parse(metric)).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow())
                .isCloseTo(average, within(rounding));
    }
}
