package org.dualform.regression;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualform.model.part.function.Scaled;

/**
 * Linear self-attention over the examples of a regression (von Oswald et al. 2023, arXiv:2212.07677): every token is
 * (x, y), the query's y is what is predicted so far, and a layer adds (1/n) Σ_i W_V e_i ((W_K e_i)·(W_Q e)) to each token.
 * Only examples are attended to.
 *
 * <p>Legend: B tasks, n examples, N = n + 1 tokens, d width of x, D = d + 1.
 *
 * @param keyQuery W_Kᵀ W_Q, (D, D)
 * @param value W_V, (D, D)
 */
record LinearSelfAttention(NDArray keyQuery, NDArray value) {
    /**
     * One layer.
     *
     * @param tokens (B, N, D)
     * @return (B, N, D)
     */
    NDArray apply(NDArray tokens) {
        long n = tokens.getShape().get(1) - 1;
        NDArray examples = tokens.get(":, :-1"); // (B, n, D)
        NDArray scores = tokens.matMul(keyQuery.transpose()).matMul(examples.transpose(0, 2, 1)); // (B, N, n)
        NDArray added = scores.matMul(examples.matMul(value.transpose())); // (B, N, D)
        return tokens.add(Scaled.times(added, 1.0 / n));
    }

    /** What layers predict for the query: (B). */
    static NDArray predict(List<LinearSelfAttention> layers, NDArray tokens) {
        NDArray x = tokens; // (B, N, D)
        for (LinearSelfAttention layer : layers) x = layer.apply(x);
        return x.get(":, -1, -1"); // (B)
    }

    /**
     * The layer that is one step of gradient descent from the weights {@code start}: keys and queries are x, and values
     * are −rate · (w₀·x − y) in y's place. The query's token begins with y = w₀·x.
     */
    static LinearSelfAttention oneStep(NDManager manager, DataType type, double rate, double... start) {
        int d = start.length;
        double[] keyQuery = new double[(d + 1) * (d + 1)];
        double[] value = new double[(d + 1) * (d + 1)];
        for (int j = 0; j < d; j++) {
            keyQuery[j * (d + 1) + j] = 1;
            value[d * (d + 1) + j] = -rate * start[j];
        }
        value[d * (d + 1) + d] = rate;
        Shape shape = new Shape(d + 1, d + 1);
        return new LinearSelfAttention(
                Scaled.engineOwned(manager.create(keyQuery, shape), type),
                Scaled.engineOwned(manager.create(value, shape), type));
    }

    /**
     * Tasks with equally many examples as tokens.
     *
     * @param start the weights by which the query's token begins
     * @return (B, N, D)
     */
    static NDArray tokens(NDManager manager, DataType type, List<RegressionTasks.Task> tasks, double... start) {
        int n = tasks.get(0).examples();
        int d = start.length;
        double[] values = new double[tasks.size() * (n + 1) * (d + 1)];
        int at = 0;
        for (RegressionTasks.Task task : tasks) {
            for (int i = 0; i <= n; i++) {
                for (int j = 0; j < d; j++) values[at++] = task.x()[i][j];
                values[at++] = i < n ? task.y()[i] : Regressors.dot(start, task.x()[n]);
            }
        }
        return Scaled.engineOwned(manager.create(values, new Shape(tasks.size(), n + 1, d + 1)), type);
    }
}
