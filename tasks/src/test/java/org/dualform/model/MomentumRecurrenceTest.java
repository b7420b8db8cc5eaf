package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.dualform.model.part.Momentum;

/** The weights of the moving average give what its recurrence gives, one token after another. */
class MomentumRecurrenceTest {
    @Property(tries = 100)
    void theWeightsGiveTheRecurrence(
            @ForAll @IntRange(min = 0, max = 9) int before,
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double decay,
            @ForAll Momentum.Form form,
            @ForAll long seed) {
        if (form == Momentum.Form.RESIDUAL) return;
        Momentum momentum = new Momentum(form, decay);
        double[] values = new Random(seed).doubles(before + tokens, -1, 1).toArray();
        double[] expected = recurrence(form, decay, values);
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Momentum.Shares shares = momentum.shares(manager, before, tokens, DataType.FLOAT64);
            NDArray own = manager.create(Arrays.copyOfRange(values, before, before + tokens), new Shape(tokens, 1));
            NDArray sum = shares.own().matMul(own); // (T, 1)
            if (shares.earlier() != null) {
                NDArray prefix = manager.create(Arrays.copyOf(values, before), new Shape(before, 1));
                NDArray state =
                        momentum.atEnd(manager, before, DataType.FLOAT64).matMul(prefix); // (1, 1)
                sum = sum.add(shares.earlier().mul(state));
            }
            assertThat(shares.earlier() == null).isEqualTo(before == 0);
            double[] ours = sum.toDoubleArray();
            for (int t = 0; t < tokens; t++) assertThat(ours[t]).isCloseTo(expected[before + t], within(1e-12));
        }
    }

    /** The average at every position, one token after another: m_0 = 0, m_{t+1} = η (m_t + v_t). */
    private static double[] recurrence(Momentum.Form form, double decay, double[] values) {
        double[] average = new double[values.length];
        double sum = 0;
        double weights = 0;
        for (int t = 0; t < values.length; t++) {
            average[t] = form == Momentum.Form.SUM || t == 0 ? sum : sum / weights;
            sum = decay * (sum + values[t]);
            weights = decay * (weights + 1);
        }
        return average;
    }
}
