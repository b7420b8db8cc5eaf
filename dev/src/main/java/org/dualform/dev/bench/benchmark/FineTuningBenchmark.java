package org.dualform.dev.bench.benchmark;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.Progress;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.Forward;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomPrompts;
import org.dualform.finetune.TunedSweep;
import org.dualform.finetune.train.DemonstrationTrainer;
import org.dualform.finetune.train.Sequence;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;

/**
 * Measures two costs of fine-tuning: several shot counts against the largest alone, and a training step against a
 * forward pass.
 */
public final class FineTuningBenchmark implements Benchmark {
    private static final List<Integer> SHORT = List.of(1, 2, 4, 8);
    private static final List<Integer> LONG = List.of(1, 2, 4, 8, 16, 32);
    private static final int QUERIES = 32;

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public String description() {
        return "fine-tuning of the key and value projections on demonstrations of about 65 tokens. Training to several"
                + " shot counts is compared with training to the largest alone, a step with the forward pass and loss"
                + " of its sequence, and the evaluation of " + QUERIES + " queries at each count with the training";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        LanguageModel model = bench.model(ModelShape.gpt2());
        PromptSet eight = RandomPrompts.of(ModelShape.gpt2(), 8, 55, 75, QUERIES);
        PromptSet many = RandomPrompts.of(ModelShape.gpt2(), 32, 55, 75, QUERIES);
        Clock.Pair few =
                Clock.CPU.pair(bench.rounds(), () -> train(model, eight, SHORT), () -> train(model, eight, List.of(8)));
        Clock.Pair lot =
                Clock.CPU.pair(bench.rounds(), () -> train(model, many, LONG), () -> train(model, many, List.of(32)));
        Clock.Pair step =
                Clock.CPU.pair(bench.rounds(), () -> train(model, eight, List.of(8)), () -> forwards(model, eight));
        Clock.Pair evaluation =
                Clock.CPU.pair(1, () -> trainAndEvaluate(model, eight), () -> train(model, eight, SHORT));
        List<Ratio> ratios = new ArrayList<>();
        ratios.add(Ratio.atMost(1.1, "training to " + SHORT + " / to 8 alone", few.ratio(), few.seconds()));
        ratios.add(Ratio.atMost(1.1, "training to " + LONG + " / to 32 alone", lot.ratio(), lot.seconds()));
        ratios.add(Ratio.atMost(2.2, "a step / a forward", step.ratio(), step.seconds()));
        double evaluated = evaluation.first().median() - evaluation.second().median();
        ratios.add(Ratio.told(
                "evaluation at each of " + SHORT + " / training",
                Spread.once(evaluated / evaluation.second().median()),
                String.format(
                        Locale.ROOT,
                        "%.3g s / %.3g s",
                        evaluated,
                        evaluation.second().median())));
        return ratios;
    }

    static void train(LanguageModel model, PromptSet prompts, List<Integer> shots) {
        try (NDManager scope = model.manager().newSubManager()) {
            trained(scope, model, prompts, shots);
        }
    }

    private static void trainAndEvaluate(LanguageModel model, PromptSet prompts) {
        try (NDManager scope = model.manager().newSubManager()) {
            DemonstrationTrainer.Trained trained = trained(scope, model, prompts, SHORT);
            new TunedSweep(new ShotSweep(prompts))
                    .run(scope, model.decoder(), trained.update(), SHORT, "ft", Progress.none());
        }
    }

    private static DemonstrationTrainer.Trained trained(
            NDManager scope, LanguageModel model, PromptSet prompts, List<Integer> shots) {
        List<Sequence> sequences = Sequence.of(prompts);
        DemonstrationTrainer trainer = new DemonstrationTrainer(model.decoder());
        return trainer.train(scope, trainer.plan(sequences, shots, 1), sequences, 1e-3, Progress.none());
    }

    static void forwards(LanguageModel model, PromptSet prompts) {
        prompts.demonstrations().forEach(demonstration -> Forward.predicting(model, demonstration.tuning()));
    }
}
