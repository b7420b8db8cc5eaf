package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import org.dualform.finetune.train.Stability;
import org.dualform.finetune.train.Tuned;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.Prediction;
import org.dualform.infer.SlicedScores;
import org.dualform.infer.SlicedSweep;
import org.dualform.model.Decoder;
import org.dualform.prompt.PromptSet;
import org.dualform.score.race.Contestant;
import org.jspecify.annotations.Nullable;

/**
 * A learning rate in a race: it is trained on all demonstrations, and its rows are answered zero-shot, slice by slice.
 * The update is held between slices while there is room, and else trained again, which gives the same bits.
 */
final class RateTrial {
    /** The memory for updates that are held. */
    static final class Room {
        private final NDManager owner;
        private long left;

        /** @param owner owns the updates that are held */
        Room(NDManager owner, long bytes) {
            this.owner = owner;
            this.left = bytes;
        }

        private boolean take(OptionalLong bytes) {
            if (bytes.isEmpty() || bytes.getAsLong() > left) return false;
            left -= bytes.getAsLong();
            return true;
        }
    }

    private final Decoder base;
    private final PromptSet prompts;
    private final FineTuning tuner;
    private final double rate;
    private final int chunkRows;
    private final Room room;
    private final IntConsumer scored;
    private @Nullable WeightUpdate held;
    private @Nullable String divergence;

    /** @param scored is told the number of rows after each slice, and 0 in between; it stops the trial by throwing */
    RateTrial(
            Decoder base,
            PromptSet prompts,
            FineTuning tuner,
            double rate,
            int chunkRows,
            Room room,
            IntConsumer scored) {
        this.base = base;
        this.prompts = prompts;
        this.tuner = tuner;
        this.rate = rate;
        this.chunkRows = chunkRows;
        this.room = room;
        this.scored = scored;
    }

    Contestant contestant() {
        return new SlicedScores(0, List.of(), this::score);
    }

    /** Such as "diverged at step 3"; null if training did not diverge. */
    @Nullable String divergence() {
        return divergence;
    }

    /** How far the result depends on rounding; null if training diverged. Trains again, twice if no update is held. */
    @Nullable Stability stability() {
        try (NDManager scope = room.owner.newSubManager()) {
            WeightUpdate update = held == null ? train(scope) : held;
            if (update == null) return null;
            List<Integer> shots = List.of(tuner.demonstrations());
            return tuner.stability(scope, update, shots, rate, (what, done, of) -> scored.accept(0))
                    .get(tuner.demonstrations());
        }
    }

    private List<Prediction> score(int from, int to) {
        try (NDManager scope = room.owner.newSubManager()) {
            WeightUpdate update = held == null ? train(scope) : held;
            if (update == null) return List.of();
            List<Prediction> predictions = answers(scope, update, from, to);
            scored.accept(to - from);
            return predictions;
        }
    }

    /** Null if training diverges. */
    private @Nullable WeightUpdate train(NDManager scope) {
        List<Integer> shots = List.of(tuner.demonstrations());
        boolean holds = room.take(tuner.updateBytes(shots));
        Tuned trained = tuner.train(holds ? room.owner : scope, shots, rate, (what, done, of) -> scored.accept(0));
        divergence = Objects.requireNonNull(trained.training().shots().get(shots.get(0)))
                .divergence();
        if (divergence != null) return null;
        if (holds) held = trained.update();
        return trained.update();
    }

    private List<Prediction> answers(NDManager scope, WeightUpdate update, int from, int to) {
        try (TunedModel tuned =
                        new TunedModel(scope, base, update, update.shots().last());
                SlicedSweep sweep = new SlicedSweep(scope, tuned.decoder(), prompts, 0, chunkRows)) {
            return sweep.score(0, from, to, () -> scored.accept(0));
        }
    }
}
