package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class KendallTauTest {
    private static double tau(double[] a, double[] b) {
        return KendallTau.of(Ranking.of(a), Ranking.of(b));
    }

    /** By the definition of τ-b: every pair looked at. */
    private static double byPairs(double[] a, double[] b) {
        long balance = 0;
        long differA = 0;
        long differB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                int x = Double.compare(a[i] + 0.0, a[j] + 0.0);
                int y = Double.compare(b[i] + 0.0, b[j] + 0.0);
                balance += Integer.signum(x) * Integer.signum(y);
                differA += x == 0 ? 0 : 1;
                differB += y == 0 ? 0 : 1;
            }
        }
        return balance / Math.sqrt((double) differA * differB);
    }

    @Property
    void isWhatThePairsSayAlsoWithTies(
            @ForAll @Size(min = 2, max = 200) List<@IntRange(min = -5, max = 5) Integer> values,
            @ForAll @IntRange(min = 1, max = 199) int shift) {
        double[] a = values.stream().mapToDouble(v -> v * 0.1).toArray();
        double[] b = new double[a.length];
        for (int i = 0; i < b.length; i++) b[i] = Math.sin(a[(i + shift) % a.length] * 7) + (i % 3) * 0.01;
        double expected = byPairs(a, b);
        if (Double.isNaN(expected)) assertThat(tau(a, b)).isNaN();
        else assertThat(tau(a, b)).isCloseTo(expected, within(1e-12));
    }

    @Example
    void ofTheSameOrderIsOneAndOfItsReverseMinusOne() {
        double[] a = Directions.normal(1001, 3, 4);
        double[] reverse = new double[a.length];
        for (int i = 0; i < a.length; i++) reverse[i] = -a[i];
        assertThat(tau(a, a)).isCloseTo(1, within(1e-12));
        assertThat(tau(a, reverse)).isCloseTo(-1, within(1e-12));
        assertThat(tau(a, Directions.normal(1001, 5, 4))).isCloseTo(0, within(0.1));
    }

    @Example
    void isUndefinedWhereOneSideOrdersNothing() {
        assertThat(tau(new double[] {1, 1, 1}, new double[] {1, 2, 3})).isNaN();
        assertThat(tau(new double[] {1}, new double[] {2})).isNaN();
        assertThat(tau(new double[] {0.0, -0.0}, new double[] {1, 2})).isNaN();
    }
}
