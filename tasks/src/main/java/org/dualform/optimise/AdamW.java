package org.dualform.optimise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Map;

/** AdamW over named parameters, with clipping by the global norm; weight decay on matrices only. */
public final class AdamW {
    /**
     * @param beta1 decay of the gradient's running mean, a step
     * @param beta2 decay of its square's running mean, a step
     * @param epsilon added to the root of that mean
     * @param weightDecay share of a matrix that is taken off, a step and unit of learning rate
     * @param clipNorm largest global norm of the gradients; a larger one is scaled down to it
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {}

    private final Settings settings;
    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> means = new LinkedHashMap<>();
    private final Map<String, NDArray> variances = new LinkedHashMap<>();

    /** The moments belong to {@code manager}. */
    public AdamW(NDManager manager, Map<String, NDArray> parameters, Settings settings) {
        this.settings = settings;
        this.parameters = parameters;
        parameters.forEach((name, parameter) -> {
            means.put(name, manager.zeros(parameter.getShape()));
            variances.put(name, manager.zeros(parameter.getShape()));
        });
    }

    public Map<String, NDArray> means() {
        return means;
    }

    public Map<String, NDArray> variances() {
        return variances;
    }

    /**
     * Updates every parameter in place from its gradient, and clears the gradient.
     *
     * @param update number of this update, from 1
     * @return the gradient's global norm before clipping
     */
    public double update(int update, double learningRate) {
        double norm = gradientNorm();
        double rescale = norm > settings.clipNorm() ? settings.clipNorm() / norm : 1;
        double corrected = learningRate
                * Math.sqrt(1 - Math.pow(settings.beta2(), update))
                / (1 - Math.pow(settings.beta1(), update));
        parameters.forEach((name, parameter) -> {
            try (NDArray gradient = parameter.getGradient()) {
                boolean matrix = parameter.getShape().dimension() > 1;
                JniUtils.adamUpdate(
                        (PtNDArray) parameter,
                        (PtNDArray) gradient,
                        (PtNDArray) means.get(name),
                        (PtNDArray) variances.get(name),
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
