package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.IntFunction;
import org.dualform.data.synthetic.corpus.Document;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.TokenSource;

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
     * The documents of one batch of {@code step}.
     *
     * @param manager owns the arrays
     */
    static PretrainingBatch of(NDManager manager, TokenSource tokens, Recipe recipe, int step, long firstDocument) {
        Recipe.Phase phase = recipe.phase(step);
        double progress = recipe.progress(step);
        return of(
                manager,
                phase.rows(),
                phase.length(),
                row -> tokens.document(firstDocument + row, progress, phase.length()));
    }

    /**
     * Documents of equal lengths.
     *
     * @param manager owns the arrays
     */
    static PretrainingBatch of(NDManager manager, int rows, int length, IntFunction<Document> documents) {
        int width = length - 1;
        long[] inputs = new long[rows * width];
        long[] targets = new long[rows * width];
        float[] weights = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            Document document = documents.apply(row);
            for (int t = 0; t < width; t++) {
                inputs[row * width + t] = document.id(t);
                targets[row * width + t] = document.id(t + 1);
                weights[row * width + t] = document.weight(t + 1);
            }
        }
        Shape shape = new Shape(rows, width);
        return new PretrainingBatch(
                manager.create(inputs, shape), manager.create(targets, shape), manager.create(weights, shape));
    }

    long tokens() {
        return inputs.getShape().size();
    }
}
