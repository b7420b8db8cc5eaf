package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dualform.data.synthetic.corpus.Corpus;
import org.dualform.data.synthetic.corpus.Document;
import org.dualform.pretrain.recipe.Recipe;

/**
 * One step's documents as arrays: B rows of T = length - 1 predicted tokens.
 *
 * @param inputs token ids, int64 (B, T)
 * @param targets the next token of each, int64 (B, T)
 * @param weights loss weight of each target, (B, T)
 */
record PretrainingBatch(NDArray inputs, NDArray targets, NDArray weights) {

    /** The documents of {@code step}; arrays belong to {@code manager}. */
    static PretrainingBatch of(NDManager manager, Corpus corpus, Recipe recipe, int step, long firstDocument) {
        Recipe.Phase phase = recipe.phase(step);
        int width = phase.length() - 1;
        long[] inputs = new long[phase.rows() * width];
        long[] targets = new long[phase.rows() * width];
        float[] weights = new float[phase.rows() * width];
        for (int row = 0; row < phase.rows(); row++) {
            Document document = corpus.document(firstDocument + row, recipe.progress(step), phase.length());
            for (int t = 0; t < width; t++) {
                inputs[row * width + t] = document.id(t);
                targets[row * width + t] = document.id(t + 1);
                weights[row * width + t] = document.weight(t + 1);
            }
        }
        Shape shape = new Shape(phase.rows(), width);
        return new PretrainingBatch(
                manager.create(inputs, shape), manager.create(targets, shape), manager.create(weights, shape));
    }

    long tokens() {
        return inputs.getShape().size();
    }
}
