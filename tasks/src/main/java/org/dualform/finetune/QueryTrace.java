package org.dualform.finetune;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.train.StepOnlooker;
import org.dualform.model.Probe;
import org.dualform.model.part.Architecture;
import org.dualform.record.RecordWriter;
import org.dualform.record.TrainingRecords;

/**
 * Records the query vectors of every demonstration's tokens when it is first trained on: with the weights that training
 * on the demonstrations before it left, as in Dai et al. 2022 (arXiv:2212.10559). The vectors are scaled as attention
 * scores are.
 *
 * <p>Legend: T tokens, H query heads, hd width of a head.
 */
public final class QueryTrace {
    private final RecordWriter writer;
    private final TrainingRecords records;
    private final Architecture architecture;
    private final boolean rotated;

    /** @param rotated whether the vectors are taken after rotary positions */
    public QueryTrace(RecordWriter writer, TrainingRecords records, Architecture architecture, boolean rotated) {
        this.writer = writer;
        this.records = records;
        this.architecture = architecture;
        this.rotated = rotated;
    }

    StepOnlooker of(List<Sequence> sequences) {
        IdentityHashMap<Sequence, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < sequences.size(); i++) places.put(sequences.get(i), i);
        Set<Sequence> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return sequence -> {
            Integer place = places.get(sequence);
            return place != null && seen.add(sequence) ? recorder(place) : Probe.NONE;
        };
    }

    private Probe recorder(int demonstration) {
        return new Probe() {
            @Override
            public void queries(int layer, NDArray q) {
                if (!rotated) keep(demonstration, layer, q);
            }

            @Override
            public void rotatedQueries(int layer, NDArray q) {
                if (rotated) keep(demonstration, layer, q);
            }
        };
    }

    /** @param q (1, H, T, hd) */
    private void keep(int demonstration, int layer, NDArray q) {
        float scale = (float)
                architecture.scaling().factor(layer, architecture.sizes().headDim());
        float[] values = q.stopGradient().transpose(0, 2, 1, 3).toFloatArray(); // (1, T, H, hd)
        for (int i = 0; i < values.length; i++) values[i] *= scale;
        writer.write(TrainingRecords.QUERIES, records.begin(demonstration, layer), values);
    }
}
