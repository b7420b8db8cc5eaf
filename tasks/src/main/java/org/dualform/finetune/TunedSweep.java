package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Progress;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.QueryOnlooker;
import org.dualform.infer.ShotSweep;
import org.dualform.model.Decoder;

/** Evaluates fine-tuned weights with zero-shot prompts, for each shot count that they were trained for. */
public final class TunedSweep {
    private final ShotSweep zeroShot;

    /** @param zeroShot over the cell's queries */
    public TunedSweep(ShotSweep zeroShot) {
        this.zeroShot = zeroShot;
    }

    /**
     * @param manager parent of all memory used; nothing is left in it
     * @param shots counts that {@code update} was trained for; 0 for the base model
     * @return by shot count; its prefill is that of the zero-shot context, once a count, in sum
     */
    public ShotSweep.Result run(
            NDManager manager,
            Decoder base,
            WeightUpdate update,
            Collection<Integer> shots,
            String what,
            Progress progress) {
        return run(manager, base, update, shots, QueryOnlooker.OfSweep.NONE, what, progress);
    }

    /** As above; {@code onlooker} is asked with the shot counts trained for. */
    public ShotSweep.Result run(
            NDManager manager,
            Decoder base,
            WeightUpdate update,
            Collection<Integer> shots,
            QueryOnlooker.OfSweep onlooker,
            String what,
            Progress progress) {
        var counts = new TreeSet<Integer>(shots);
        var results = new TreeMap<Integer, ShotSweep.Shot>();
        double prefillSeconds = 0;
        for (int k : counts) {
            int finished = results.size();
            Progress overall = (w, done, total) -> progress.at(w, finished * total + done, counts.size() * total);
            try (TunedModel tuned = new TunedModel(manager, base, update, k)) {
                ShotSweep.Result result = zeroShot.run(
                        manager,
                        tuned.decoder(),
                        List.of(0),
                        (zero, contextTokens) -> onlooker.at(k, contextTokens),
                        what,
                        overall);
                results.put(k, Objects.requireNonNull(result.shots().get(0)));
                prefillSeconds += result.prefillSeconds();
            }
        }
        return new ShotSweep.Result(results, prefillSeconds);
    }
}
