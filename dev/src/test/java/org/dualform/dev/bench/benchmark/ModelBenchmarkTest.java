package org.dualform.dev.bench.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Ratio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBenchmarkTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsMeasuredWithoutPeers() {
        Path mini = Path.of("..", "models", "mini");
        ModelBenchmark benchmark = new ModelBenchmark(mini, 1);
        assertThat(benchmark.name()).isEqualTo("mini");
        List<Ratio> ratios;
        try (BenchRun bench = new BenchRun(folder, 1, null, line -> {})) {
            ratios = benchmark.run(bench);
        }
        assertThat(ratios)
                .extracting(Ratio::what)
                .containsExactly(
                        "separate runs at each shot count / one sweep",
                        "fine-tuning: a step / its forward pass and loss",
                        "prefill: share of the matrix peak",
                        "memory: peak / (1.1 x (weights + cache + chunk) + 300 MB)");
        assertThat(ratios)
                .allSatisfy(ratio -> assertThat(ratio.value().median()).isGreaterThan(0));
        // Times of one round on a busy machine say nothing more; bytes do.
        assertThat(ratios.get(3).sides()).contains("(2 MB weights, ");
    }
}
