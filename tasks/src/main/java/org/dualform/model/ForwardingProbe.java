package org.dualform.model;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** Passes everything on to another probe: a base class for probes that add something to it. */
public class ForwardingProbe implements Probe {
    private final Probe next;

    public ForwardingProbe(Probe next) {
        this.next = next;
    }

    @Override
    public NDArray entering(int layer, NDArray x) {
        return next.entering(layer, x);
    }

    @Override
    public void residual(int layer, NDArray x) {
        next.residual(layer, x);
    }

    @Override
    public NDArray keys(int layer, NDArray input, NDArray output) {
        return next.keys(layer, input, output);
    }

    @Override
    public NDArray values(int layer, NDArray input, NDArray output) {
        return next.values(layer, input, output);
    }

    @Override
    public void queries(int layer, NDArray q) {
        next.queries(layer, q);
    }

    @Override
    public void rotatedQueries(int layer, NDArray q) {
        next.rotatedQueries(layer, q);
    }

    @Override
    public void keysAndValues(int layer, NDArray k, NDArray v) {
        next.keysAndValues(layer, k, v);
    }

    @Override
    public boolean seesScores() {
        return next.seesScores();
    }

    @Override
    public void scores(int layer, NDArray scores) {
        next.scores(layer, scores);
    }

    @Override
    public void attentionOutput(int layer, NDArray a) {
        next.attentionOutput(layer, a);
    }

    @Override
    public void afterAttention(int layer, NDArray x) {
        next.afterAttention(layer, x);
    }

    @Override
    public NDArray feedForward(int layer, NDArray base, NDArray input, UnaryOperator<NDArray> part) {
        return next.feedForward(layer, base, input, part);
    }
}
