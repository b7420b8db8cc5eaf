package org.dualform.regression;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dualform.base.SplitMix64;
import org.dualform.contract.Progress;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.part.function.Scaled;
import org.dualform.optimise.AdamW;

/** Layers of linear self-attention that are trained on random regressions to predict the query in context. */
final class TrainedRegressor implements AutoCloseable {
    private static final int BATCH = 128;
    private static final int STEPS = 1500;
    private static final double RATE = 5e-3;
    private static final double START = 0.05;

    private final NDManager manager = LanguageModel.newManager();
    private final RegressionTasks tasks;
    private final List<LinearSelfAttention> layers = new ArrayList<>();
    private final double[] zero;

    /** New layers with small random weights. */
    TrainedRegressor(RegressionTasks tasks, int layers) {
        this.tasks = tasks;
        this.zero = new double[tasks.dimensions()];
        SplitMix64 random = SplitMix64.stream(tasks.seed(), -layers);
        for (int i = 0; i < layers; i++) this.layers.add(new LinearSelfAttention(weight(random), weight(random)));
    }

    private NDArray weight(SplitMix64 random) {
        int width = tasks.dimensions() + 1;
        float[] values = new float[width * width];
        for (int i = 0; i < values.length; i++) values[i] = (float) (START * random.nextGaussian());
        try (NDArray fromJava = manager.create(values, new Shape(width, width))) {
            NDArray weight = fromJava.duplicate(); // (D, D)
            weight.setRequiresGradient(true);
            return weight;
        }
    }

    /** Trains with equally many batches of each number of examples. */
    void train(List<Integer> examples, Progress progress) {
        try (NoGrad off = new NoGrad()) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            for (LinearSelfAttention layer : layers) {
                weights.put("key_query." + weights.size(), layer.keyQuery());
                weights.put("value." + weights.size(), layer.value());
            }
            AdamW optimizer = new AdamW(manager, weights, new AdamW.Settings(0.9, 0.98, 1e-8, 0, 1));
            for (int step = 0; step < STEPS; step++) {
                progress.at("regression with " + layers.size() + " layers, steps", step, STEPS);
                backward(batch(1 + (long) step * BATCH, BATCH, examples.get(step % examples.size())));
                optimizer.update(step + 1, RATE * Math.min(1, 3.0 * (STEPS - step) / STEPS));
            }
        }
    }

    private void backward(List<RegressionTasks.Task> batch) {
        try (NDManager call = manager.newSubManager();
                NDScope scope = new NDScope();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            scope.suppressNotUsedWarning();
            NDArray predicted = LinearSelfAttention.predict(
                    layers, LinearSelfAttention.tokens(call, DataType.FLOAT32, batch, zero)); // (B)
            float[] wanted = new float[batch.size()];
            for (int i = 0; i < wanted.length; i++)
                wanted[i] = (float) batch.get(i).y()[batch.get(i).examples()];
            NDArray gold = Scaled.engineOwned(call.create(wanted), DataType.FLOAT32); // (B)
            collector.backward(predicted.sub(gold).square().mean());
        }
    }

    private List<RegressionTasks.Task> batch(long from, int count, int examples) {
        return LongStream.range(from, from + count)
                .mapToObj(index -> tasks.task(index, examples))
                .toList();
    }

    /** What the layers predict for each task. */
    float[] predict(List<RegressionTasks.Task> batch) {
        try (NoGrad off = new NoGrad();
                NDManager call = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return LinearSelfAttention.predict(layers, LinearSelfAttention.tokens(call, DataType.FLOAT32, batch, zero))
                    .toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
