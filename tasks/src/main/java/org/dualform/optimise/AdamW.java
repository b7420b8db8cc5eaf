package org.dualform.optimise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) for named parameters in single precision, with clipping by the
 * gradients' global norm. Weight decay applies to matrices only.
 */
public final class AdamW {
    /**
     * @param beta1 decay of the gradient's running mean in one step
     * @param beta2 decay of the running mean of the gradient's square in one step
     * @param epsilon added to the square root of the latter mean
     * @param weightDecay the share of a matrix that is taken off in one step, per unit of the learning rate
     * @param clipNorm the largest global norm of the gradients; larger gradients are scaled down to it
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {}

    private final Settings settings;
    private final Map<String, NDArray> parameters;
    private final Map<String, Moments> moments = new LinkedHashMap<>();

    /** @param manager owns the moments */
    public AdamW(NDManager manager, Map<String, NDArray> parameters, Settings settings) {
        this.settings = settings;
        this.parameters = parameters;
        parameters.forEach((name, parameter) -> moments.put(name, Moments.zeros(manager, parameter)));
    }

    /** The parameters and their moments by name: what a checkpoint keeps. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>(parameters);
        moments.forEach((name, m) -> state.put("mean." + name, m.mean()));
        moments.forEach((name, m) -> state.put("variance." + name, m.square()));
        return state;
    }

    /**
     * Updates every parameter in place by its gradient, and then clears the gradient. If the gradients' norm is not
     * finite, nothing is updated.
     *
     * @param update the number of this update, from 1
     * @return the global norm of the gradients before clipping
     */
    public double update(int update, double learningRate) {
        double norm = gradientNorm();
        if (!Double.isFinite(norm)) return norm;
        double rescale = norm > settings.clipNorm() ? settings.clipNorm() / norm : 1;
        double corrected = learningRate
                * Math.sqrt(1 - Math.pow(settings.beta2(), update))
                / (1 - Math.pow(settings.beta1(), update));
        parameters.forEach((name, parameter) -> {
            Moments m = Objects.requireNonNull(moments.get(name));
            try (NDArray gradient = parameter.getGradient()) {
                boolean matrix = parameter.getShape().dimension() > 1;
                JniUtils.adamUpdate(
                        (PtNDArray) parameter,
                        (PtNDArray) gradient,
                        (PtNDArray) m.mean(),
                        (PtNDArray) m.square(),
                        (float) learningRate,
                        (float) corrected,
                        matrix ? (float) settings.weightDecay() : 0,
                        (float) rescale,
                        -1,
                        (float) settings.beta1(),
                        (float) settings.beta2(),
                        (float) settings.epsilon(),
                        true);
                JniUtils.zeroGrad((PtNDArray) parameter);
            }
        });
        return norm;
    }

    private double gradientNorm() {
        double squares = 0;
        for (NDArray parameter : parameters.values()) {
            try (NDArray gradient = parameter.getGradient();
                    NDArray square = gradient.square();
                    NDArray sum = square.sum()) {
                squares += sum.getFloat();
            }
        }
        return Math.sqrt(squares);
    }
}
