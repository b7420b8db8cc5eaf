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

/** Evaluates fine-tuned weights with zero-shot prompts, for each shot count they were trained for. */
public final class TunedSweep {
    private final ShotSweep zeroShot;

    /** @param zeroShot the sweep over the cell's queries */
    public TunedSweep(ShotSweep zeroShot) {
        this.zeroShot = zeroShot;
    }

    /**
     * Evaluates the update at each shot count.
     *
     * @param manager the parent of all memory used; nothing is left in it
     * @param shots shot counts that {@code update} was trained for, or 0 for the base model
     * @return the results by shot count; the prefill time is the sum over shot counts of the zero-shot context's
     *     prefill
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

    /** As above, with an onlooker that is asked with the shot counts trained for. */
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
