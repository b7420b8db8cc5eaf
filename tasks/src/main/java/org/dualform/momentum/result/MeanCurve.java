package org.dualform.momentum.result;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The learning curve of one model.
 *
 * @param loss the loss on held-out documents by step, as the mean over seeds
 */
public record MeanCurve(String arm, SortedMap<Integer, Double> loss) {
    public MeanCurve {
        loss = new TreeMap<>(loss);
    }
}
