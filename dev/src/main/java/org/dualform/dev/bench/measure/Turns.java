package org.dualform.dev.bench.measure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * Measures several sides in turns, so that other work on the machine bears on all of them alike. A ratio is taken within
 * each round.
 */
public final class Turns {
    private final Map<String, DoubleSupplier> sides = new LinkedHashMap<>();
    private final Map<String, double[]> seconds = new LinkedHashMap<>();

    /** Adds work of this process, measured in wall seconds. */
    public void add(String side, Runnable work) {
        sides.put(side, () -> Clock.WALL.seconds(work));
    }

    /** Adds a side that measures itself. */
    public void add(String side, DoubleSupplier measured) {
        sides.put(side, measured);
    }

    /** Measures every side once without counting it, and then {@code rounds} times. */
    public void run(int rounds) {
        sides.keySet().forEach(side -> seconds.put(side, new double[rounds]));
        for (int i = -1; i < rounds; i++) {
            for (Map.Entry<String, double[]> side : seconds.entrySet()) {
                double measured =
                        Objects.requireNonNull(sides.get(side.getKey())).getAsDouble();
                if (i >= 0) side.getValue()[i] = measured;
            }
        }
    }

    /** One side divided by another in each round. */
    public Spread ratio(String over, String under) {
        double[] a = measured(over);
        double[] b = measured(under);
        double[] ratios = new double[a.length];
        for (int i = 0; i < a.length; i++) ratios[i] = a[i] / b[i];
        return Spread.of(ratios);
    }

    /** Both times as text, such as "1.2 s / 0.9 s"; the first is multiplied by {@code factor}. */
    public String text(String over, double factor, String under) {
        return String.format(
                Locale.ROOT,
                "%.3g s / %.3g s",
                Spread.of(measured(over)).median() * factor,
                Spread.of(measured(under)).median());
    }

    private double[] measured(String side) {
        return Objects.requireNonNull(seconds.get(side), side);
    }
}
