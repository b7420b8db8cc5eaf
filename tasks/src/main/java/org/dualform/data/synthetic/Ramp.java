package org.dualform.data.synthetic;

/**
 * A value that moves in a straight line {@code from} one number {@code to} another, and then stays.
 *
 * @param until the progress at which it arrives
 */
public record Ramp(double from, double to, double until) {
    /** The value at progress {@code p}, the share of the training that is done, from 0 to 1. */
    public double at(double p) {
        return p >= until ? to : from + (to - from) * p / until;
    }
}
