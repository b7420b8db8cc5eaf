package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dualform.data.synthetic.corpus.Corpus;
import org.dualform.data.synthetic.corpus.Document;
import org.dualform.pretrain.recipe.Recipe;

/**
 * The documents of one step as arrays.
 *
 * <p>Legend: B rows, T tokens that are predicted, one fewer than a document has.
 *
 * @param inputs the token ids, INT64 (B, T)
 * @param targets the token after each of them, INT64 (B, T)
 * @param weights the loss weight of each target, (B, T)
 */
record PretrainingBatch(NDArray inputs, NDArray targets, NDArray weights) {

    /**
     * The documents of {@code step}.
     *
     * @param manager owns the arrays
     */
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
