package org.dualform.theory;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualform.contract.Progress;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.model.Decoder;
import org.dualform.spec.arm.Tuning;
import org.jspecify.annotations.Nullable;

/** The fine-tunings that a measurement needs. A training that diverges leaves a null, and no error. */
final class Tuned {
    /** How many smaller rates are tried for all weights, each √10 below the one before. */
    private static final int SMALLER = 6;

    private Tuned() {}

    /** Key and value projections, as Dai et al. 2022 tune them. */
    static @Nullable KeyValueUpdate keyValue(NDManager owner, Decoder decoder, Setting setting, Progress progress) {
        WeightUpdate update = train(owner, decoder, Tuning.STANDARD, setting, setting.learningRate(), progress);
        return update instanceof KeyValueUpdate made ? made : null;
    }

    /** All weights, and the rate at which they were trained. */
    record AllWeights(NamedUpdate update, double learningRate) {}

    static @Nullable AllWeights allWeights(NDManager owner, Decoder decoder, Setting setting, Progress progress) {
        double rate = setting.learningRate();
        for (int i = 0; i <= SMALLER; i++, rate /= Math.sqrt(10)) {
            WeightUpdate update = train(owner, decoder, Tuning.of("all"), setting, rate, progress);
            if (update instanceof NamedUpdate made) return new AllWeights(made, rate);
        }
        return null;
    }

    private static @Nullable WeightUpdate train(
            NDManager owner, Decoder decoder, Tuning tuning, Setting setting, double rate, Progress progress) {
        WeightUpdate update = new FineTuning(decoder, tuning, 1, setting.prompts())
                .train(owner, List.of(setting.shots()), rate, progress)
                .update();
        return update.shots().contains(setting.shots()) ? update : null;
    }
}
