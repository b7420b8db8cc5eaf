package org.dualform.dev.bench.benchmark;

import java.util.List;
import java.util.Locale;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.ResidentMemory;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.model.LanguageModel;

/** Measures the time to open a large checkpoint, up to the read of its first weight. */
public final class OpeningBenchmark implements Benchmark {
    @Override
    public String name() {
        return "open";
    }

    @Override
    public String description() {
        return "opening a checkpoint of 5.1 GB in single precision: wall seconds, and the resident memory that it adds,"
                + " as a share of the file";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        var folder = bench.checkpoint(ModelShape.llama());
        LanguageModel.open(folder).close();
        double[] seconds = new double[bench.rounds()];
        double[] shares = new double[bench.rounds()];
        for (int i = 0; i < bench.rounds(); i++) {
            long before = ResidentMemory.now();
            long start = System.nanoTime();
            try (LanguageModel model = LanguageModel.open(folder)) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
                shares[i] = Math.max(0, ResidentMemory.now() - before) / (double) ResidentMemory.fileBytes(model);
            }
        }
        Spread time = Spread.of(seconds);
        return List.of(
                Ratio.atMost(0.3, "seconds to open", time, String.format(Locale.ROOT, "%.3g s", time.median())),
                Ratio.atMost(0.05, "memory added / file", Spread.of(shares), "resident / 5.1 GB"));
    }
}
