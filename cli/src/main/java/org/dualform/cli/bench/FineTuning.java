package org.dualform.cli.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.Progress;
import org.dualform.finetune.Sequence;
import org.dualform.finetune.Trainer;
import org.dualform.finetune.TunedSweep;
import org.dualform.infer.ShotSweep;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.prompt.PromptSet;

/** What fine-tuning for several shot counts costs beyond the largest, and a step beyond a forward. */
final class FineTuning implements Benchmark {
    private static final List<Integer> SHOTS = List.of(1, 2, 4, 8);
    private static final int QUERIES = 32;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public String description() {
        return "fine-tuning to " + SHOTS
                + " on demonstrations of about 65 tokens, against fine-tuning to 8 alone; a step"
                + " against the forward of its sequence with its loss; and the evaluation of " + QUERIES
                + " queries at each count against the training";
    }

    @Override
    public List<Ratio> run(RandomGpt2 model) {
        PromptSet prompts = model.prompts(8, 55, 75, QUERIES);
        List<Sequence> sequences = Sequence.of(prompts);
        double all = CpuClock.best(ROUNDS, () -> train(model, sequences, SHOTS, false, prompts));
        double alone = CpuClock.best(ROUNDS, () -> train(model, sequences, List.of(8), false, prompts));
        double forwards = CpuClock.best(ROUNDS, () -> sequences.forEach(sequence -> forward(model, sequence)));
        double evaluated = CpuClock.seconds(() -> train(model, sequences, SHOTS, true, prompts)) - all;
        return List.of(
                Ratio.atMost(1.1, "training to " + SHOTS + " / to 8 alone", all / alone, seconds(all, alone)),
                Ratio.atMost(2.2, "a step / a forward", alone / forwards, seconds(alone / 8, forwards / 8)),
                Ratio.told("evaluation at each count / training", evaluated / all, seconds(evaluated, all)));
    }

    private static void train(
            RandomGpt2 model, List<Sequence> sequences, List<Integer> shots, boolean evaluate, PromptSet prompts) {
        Trainer trainer = new Trainer(model.decoder());
        try (NDManager scope = model.manager().newSubManager()) {
            Trainer.Trained trained =
                    trainer.train(scope, trainer.plan(sequences, shots, 1), sequences, 1e-3, Progress.none());
            if (evaluate) {
                new TunedSweep(new ShotSweep(prompts))
                        .run(scope, model.decoder(), trained.update(), shots, "ft", Progress.none());
            }
        }
    }

    private static void forward(RandomGpt2 model, Sequence sequence) {
        long[] ids = Arrays.stream(sequence.ids().toArray()).asLongStream().toArray();
        try (NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            NDArray predicting = hidden.get(new NDIndex("0, :{}", ids.length - 1)); // (T - 1, d)
            model.decoder().logits(call, predicting).logSoftmax(-1); // (T - 1, V)
        }
    }

    private static String seconds(double ours, double peer) {
        return String.format(Locale.ROOT, "%.2f s / %.2f s", ours, peer);
    }
}
