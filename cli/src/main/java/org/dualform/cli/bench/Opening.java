package org.dualform.cli.bench;

import java.util.List;
import java.util.Locale;
import org.dualform.model.LanguageModel;

/** What opening a large checkpoint takes before its first weight is read. */
final class Opening implements Benchmark {
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
    public List<Ratio> run(Bench bench) {
        var folder = bench.checkpoint(ModelShape.llama());
        LanguageModel.open(folder).close();
        double[] seconds = new double[bench.rounds()];
        double[] shares = new double[bench.rounds()];
        for (int i = 0; i < bench.rounds(); i++) {
            long before = Rss.now();
            long start = System.nanoTime();
            try (LanguageModel model = LanguageModel.open(folder)) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
                shares[i] = Math.max(0, Rss.now() - before) / (double) Rss.fileBytes(model);
            }
        }
        Spread time = Spread.of(seconds);
        return List.of(
                Ratio.atMost(0.3, "seconds to open", time, String.format(Locale.ROOT, "%.3g s", time.median())),
                Ratio.atMost(0.05, "memory added / file", Spread.of(shares), "resident / 5.1 GB"));
    }
}
