package org.dualform.spec;

import java.util.List;
import org.dualform.spec.choice.LearningRate;

/**
 * The values that hold for one data set: its own where {@code per_dataset} names them, else the experiment's.
 *
 * @param shots numbers of demonstrations, ascending
 * @param seeds draws of demonstrations, ascending
 */
public record DatasetValues(List<Integer> shots, List<Integer> seeds, LearningRate learningRate) {

    public DatasetValues {
        shots = List.copyOf(shots);
        seeds = List.copyOf(seeds);
    }

    /** The largest number of demonstrations. */
    public int maxShots() {
        return shots.get(shots.size() - 1);
    }

    /**
     * Whether the evaluated rows are the first of the file. All seeds share the evaluated rows, so seed 0, which asks for
     * the file's order, decides for all. Without it a fixed draw is taken, since some files are sorted by label.
     */
    public boolean evaluatesFirstRows() {
        return seeds.contains(Experiment.FILE_ORDER);
    }
}
