package org.dualform.data.synthetic;

/** A value that moves in a straight line {@code from} one number {@code to} another and stays there. */
public record Ramp(double from, double to, double until) {
    /** The value at progress {@code p}, a share of the training from 0 to 1. */
    public double at(double p) {
        return p >= until ? to : from + (to - from) * p / until;
    }
}
