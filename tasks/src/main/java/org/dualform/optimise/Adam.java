package org.dualform.optimise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.HashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1) with the constants of its authors and without weight decay.
 * It computes the change of a weight in the weight's own precision; {@link AdamW} updates parameters in place by the
 * engine's fused operation, which rounds differently.
 */
public final class Adam implements Descent {
    static final double BETA1 = 0.9;
    static final double BETA2 = 0.999;
    static final double EPSILON = 1e-8;

    private final NDManager manager;
    private final double learningRate;
    private final Map<String, Moments> moments = new HashMap<>();

    /** @param manager owns the moments */
    public Adam(NDManager manager, double learningRate) {
        this.manager = manager;
        this.learningRate = learningRate;
    }

    @Override
    public void step(String name, NDArray gradient, NDArray change, int step) {
        Moments m = moments.computeIfAbsent(name, n -> Moments.zeros(manager, gradient));
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            m.mean().muli(BETA1).addi(gradient.mul(1 - BETA1));
            m.square().muli(BETA2).addi(gradient.square().mul(1 - BETA2));
            NDArray mean = m.mean().div(1 - Math.pow(BETA1, step));
            NDArray deviation = m.square().div(1 - Math.pow(BETA2, step)).sqrt();
            change.addi(mean.div(deviation.add(EPSILON)).mul(-learningRate));
        }
    }
}
