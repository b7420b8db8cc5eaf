package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Map;

/** AdamW over named parameters, with clipping by the global norm; weight decay on matrices only. */
final class AdamW {
    private final Recipe.Optimizer settings;
    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> means = new LinkedHashMap<>();
    private final Map<String, NDArray> variances = new LinkedHashMap<>();

    /** The moments belong to {@code manager}. */
    AdamW(NDManager manager, Map<String, NDArray> parameters, Recipe.Optimizer settings) {
        this.settings = settings;
        this.parameters = parameters;
        parameters.forEach((name, parameter) -> {
            means.put(name, manager.zeros(parameter.getShape()));
            variances.put(name, manager.zeros(parameter.getShape()));
        });
    }

    Map<String, NDArray> means() {
        return means;
    }

    Map<String, NDArray> variances() {
        return variances;
    }

    /**
     * Updates every parameter in place from its gradient, and clears the gradient.
     *
     * @param update number of this update, from 1
     * @return the gradient's global norm before clipping
     */
    double update(int update, double learningRate) {
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
