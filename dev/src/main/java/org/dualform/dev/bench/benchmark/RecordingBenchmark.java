package org.dualform.dev.bench.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.infer.QueryOnlooker;
import org.dualform.infer.QueryScorer;
import org.dualform.infer.RecordedToken;
import org.dualform.infer.RowRecorder;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;

/** Measures the cost of recording attention's outputs and scores for every query. */
public final class RecordingBenchmark implements Benchmark {
    private static final double BOUND = 1.15;

    @Override
    public String name() {
        return "record";
    }

    @Override
    public String description() {
        return PrefixBenchmark.QUERIES
                + " queries, zero-shot and on a prefix of about 900 tokens, prefill included: with every"
                + " query's attention recorded into a file, compared with the same run without recording";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        LanguageModel model = bench.model(ModelShape.gpt2());
        PromptSet prompts = PrefixBenchmark.prompts();
        ShotSweep plain = new ShotSweep(prompts);
        Clock.Pair pair = Clock.CPU.pair(
                bench.rounds(),
                () -> recorded(model, prompts),
                () -> BenchRun.sweep(model, plain, List.of(0, PrefixBenchmark.DEMONSTRATIONS)));
        return List.of(Ratio.atMost(BOUND, "recorded / not recorded", pair.ratio(), pair.seconds()));
    }

    private static void recorded(LanguageModel model, PromptSet prompts) {
        RecordedToken token = RecordedToken.of(prompts, false, false);
        RowRecorder rows = new RowRecorder(prompts, token, model.decoder().architecture(), PrefixBenchmark.QUERIES);
        Map<String, long[]> tensors = new LinkedHashMap<>();
        for (Setting setting : List.of(Setting.ZSL, Setting.ICL))
            tensors.putAll(rows.shape().tensors(setting, prompts.context().length()));
        RecordAbout about = new RecordAbout("random", "random", "predict", "unrotated", PrefixBenchmark.DEMONSTRATIONS);
        try {
            Path file = Files.createTempFile("dualform-records", ".safetensors");
            try (RecordWriter writer = RecordWriter.create(file, about.metadata(Map.of()), tensors)) {
                QueryOnlooker.OfSweep onlooker = (shots, contextTokens) ->
                        rows.into(writer, shots == 0 ? Setting.ZSL : Setting.ICL, contextTokens);
                ShotSweep.recording(prompts, token, QueryScorer.CHUNK_ROWS)
                        .run(
                                model.manager(),
                                model.decoder(),
                                List.of(0, PrefixBenchmark.DEMONSTRATIONS),
                                onlooker,
                                "icl",
                                Progress.none());
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new PermanentException("The records to measure cannot be written: " + e, e);
        }
    }
}
