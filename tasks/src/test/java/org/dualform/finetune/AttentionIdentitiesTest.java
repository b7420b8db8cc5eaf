package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.dualform.contract.Progress;
import org.dualform.finetune.train.DemonstrationTrainer;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.Projection;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.TokenIds;

/**
 * Tests the identities of the paper's section 3 in the decoder's own attention, in fp64. Probes observe the keys,
 * values, queries and scores, which are then combined as in the paper's algebra. {@link DualFormTest} tests identity 1.
 *
 * <p>Legend: N demonstrations' tokens, T query tokens, S = N + T, D width, W width of the one head.
 */
class AttentionIdentitiesTest {
    private static final double EXACT = 1e-11;
    private static final double CLEARLY = 1e-5;

    /** (2) Without the softmax, demonstrations add ΔW_ICL = Σ v'_i ⊗ k'_i to what acts on the query. */
    @Property(tries = 15)
    void demonstrationsAddAWeightOfLowRank(@ForAll @IntRange(min = 1, max = 6) int demonstrations, @ForAll long seed) {
        try (NDManager manager = LanguageModel.newManager()) {
            OneHead model = OneHead.random(manager, new Random(seed), 1);
            SeenAttention seen = SeenAttention.of(manager, model.decoder(), ids(0, demonstrations), ids(10, 4));
            NDArray learned = weight(seen.prefix().values(0), seen.prefix().keys(0)); // (W, W)
            NDArray zeroShot = weight(seen.values(0), seen.keys(0)); // (W, W)
            NDArray q = seen.lastQuery(0); // (W)
            assertClose(linearAttention(model, seen, 0), zeroShot.add(learned).matMul(q));

            NDArray metaGradients =
                    seen.prefix().inputs(0).matMul(model.value(0).transpose()); // (N, W)
            assertClose(seen.prefix().values(0), metaGradients.add(model.valueBias(0)));
            assertThat(rank(learned)).isEqualTo(demonstrations).isLessThan(OneHead.HEAD);
        }
    }

    /** (3) Fine-tuning W_K and W_V changes that weight by three terms, at fixed inputs. */
    @Property(tries = 10)
    void fineTuningAddsThreeTerms(@ForAll long seed) {
        try (NDManager manager = LanguageModel.newManager()) {
            OneHead model = OneHead.random(manager, new Random(seed), 2);
            List<Sequence> sequences = List.of(sequence(0, 5), sequence(5, 4), sequence(9, 6));
            DemonstrationTrainer trainer = new DemonstrationTrainer(model.decoder());
            UpdatePlan plan = trainer.plan(sequences, List.of(3), 1);
            KeyValueUpdate update = trainer.train(manager, plan, sequences, 0.5, Progress.none())
                    .update();
            try (TunedModel tuned = new TunedModel(manager, model.decoder(), update, 3)) {
                SeenAttention base = SeenAttention.of(manager, model.decoder(), ids(10, 4));
                SeenAttention after = SeenAttention.of(manager, tuned.decoder(), ids(10, 4));
                NDArray k = base.keys(0); // (T, W)
                NDArray v = base.values(0); // (T, W)
                NDArray dk = change(manager, update, Projection.KEY, base.inputs(0)); // (T, W)
                NDArray dv = change(manager, update, Projection.VALUE, base.inputs(0)); // (T, W)
                NDArray tuning = weight(v, dk).add(weight(dv, k)).add(weight(dv, dk)); // (W, W)
                assertClose(weight(after.values(0), after.keys(0)).sub(weight(v, k)), tuning);
                NDArray q = base.lastQuery(0); // (W)
                assertClose(
                        linearAttention(model, after, 0),
                        weight(v, k).add(tuning).matMul(q));
                assertThat(largest(tuning)).isGreaterThan(CLEARLY);
                assertThat(largest(after.lastQuery(1).sub(base.lastQuery(1))))
                        .as("above the first layer the query changes as well")
                        .isGreaterThan(CLEARLY);
            }
        }
    }

    /** (4) With the softmax, in context is a mixture: o = (1 − λ) Attn(X) + λ Attn(X'), λ the mass on demonstrations. */
    @Property(tries = 15)
    void theSoftmaxMixesDemonstrationsIn(@ForAll @IntRange(min = 1, max = 6) int demonstrations, @ForAll long seed) {
        try (NDManager manager = LanguageModel.newManager()) {
            OneHead model = OneHead.random(manager, new Random(seed), 1);
            SeenAttention icl = SeenAttention.of(manager, model.decoder(), ids(0, demonstrations), ids(10, 4));
            SeenAttention zsl = SeenAttention.of(manager, model.decoder(), ids(10, 4));
            NDArray masses = icl.lastScores(0).exp(); // (S)
            double onDemonstrations = masses.get(":{}", demonstrations).sum().getDouble();
            double lambda = onDemonstrations / masses.sum().getDouble();
            NDArray shares = masses.get(":{}", demonstrations).div(onDemonstrations); // (N)
            NDArray attended = model.output(0).matMul(shares.matMul(icl.prefix().values(0))); // (D)
            assertClose(icl.lastOutput(0), zsl.lastOutput(0).mul(1 - lambda).add(attended.mul(lambda)));
            assertThat(lambda).isBetween(CLEARLY, 1 - CLEARLY);
        }
    }

    /** (5) Order matters through positions and depth alone: in one layer without positions it does not. */
    @Property(tries = 15)
    void oneLayerWithoutPositionsDoesNotSeeTheOrder(@ForAll long seed) {
        try (NDManager manager = LanguageModel.newManager()) {
            OneHead model = OneHead.random(manager, new Random(seed), 2);
            long[] order = {0, 1, 2, 3, 4};
            long[] other = {3, 0, 4, 2, 1};
            SeenAttention first = SeenAttention.of(manager, model.decoder(), order, ids(10, 3));
            SeenAttention second = SeenAttention.of(manager, model.decoder(), other, ids(10, 3));
            assertClose(second.lastOutput(0), first.lastOutput(0));
            assertThat(largest(second.lastOutput(1).sub(first.lastOutput(1))))
                    .as("the second layer attends to what the causal mask made of the first")
                    .isGreaterThan(CLEARLY);

            Decoder placed = model.withPositions(new Random(seed + 1));
            assertThat(largest(SeenAttention.of(manager, placed, other, ids(10, 3))
                            .lastOutput(0)
                            .sub(SeenAttention.of(manager, placed, order, ids(10, 3))
                                    .lastOutput(0))))
                    .as("with positions")
                    .isGreaterThan(CLEARLY);
        }
    }

    /** (6) From W = 0, one step on 1/2n Σ |W x_i − y_i|² predicts what linear attention to (x_i, y_i) gives. */
    @Property(tries = 15)
    void oneStepOfRegressionIsLinearAttention(@ForAll @IntRange(min = 1, max = 8) int examples, @ForAll long seed) {
        double rate = 0.7;
        int inputs = 5;
        int targets = OneHead.WIDTH - inputs;
        try (NDManager manager = LanguageModel.newManager()) {
            var random = new Random(seed);
            NDArray x = OneHead.normal(manager, random, examples, inputs);
            NDArray y = OneHead.normal(manager, random, examples, targets);
            NDArray query = OneHead.normal(manager, random, 1, inputs);
            OneHead model = OneHead.regression(manager, x, y, query, rate / examples);
            SeenAttention seen = SeenAttention.of(manager, model.decoder(), ids(0, examples), ids(examples, 1));
            NDArray attended = linearAttention(model, seen, 0).get("{}:", inputs); // (targets)

            NDArray start = manager.zeros(new Shape(targets, inputs), DataType.FLOAT64);
            start.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray residual = x.matMul(start.transpose()).sub(y); // (n, targets)
                collector.backward(residual.square().sum());
            }
            NDArray stepped = start.getGradient().mul(-rate / (2 * examples)); // (targets, inputs)
            NDArray predicted = stepped.matMul(query.get(0)); // (targets)
            assertClose(attended, predicted);

            NDArray dual = manager.zeros(new Shape(targets, inputs), DataType.FLOAT64);
            new Factored(y.mul(rate / examples), x, List.of(examples)).addTo(dual);
            assertClose(dual, stepped);
        }
    }

    /** Σ v_i ⊗ k_i (W, W), in the form in which fine-tuning keeps what it changed; v and k are (tokens, W). */
    private static NDArray weight(NDArray v, NDArray k) {
        NDArray sum =
                v.getManager().zeros(new Shape(v.getShape().get(1), k.getShape().get(1)), DataType.FLOAT64);
        new Factored(v, k, List.of((int) v.getShape().get(0))).addTo(sum);
        return sum;
    }

    /** The last row's scores, without their factor and without a softmax, times all values: (W). */
    private static NDArray linearAttention(OneHead model, SeenAttention seen, int layer) {
        return seen.lastScores(layer).div(model.factor(layer)).matMul(seen.allValues(layer));
    }

    /** X ΔWᵀ + Δb, (T, W), from the update's factors. */
    private static NDArray change(NDManager manager, KeyValueUpdate update, Projection projection, NDArray inputs) {
        NDArray weight = manager.zeros(new Shape(OneHead.HEAD, OneHead.WIDTH), DataType.FLOAT64);
        NDArray bias = manager.zeros(new Shape(OneHead.HEAD), DataType.FLOAT64);
        update.addTo(3, 0, projection, weight, bias);
        return inputs.matMul(weight.transpose()).add(bias);
    }

    private static Sequence sequence(int first, int length) {
        return new Sequence(
                TokenIds.of(IntStream.range(first, first + length)
                        .map(i -> i % OneHead.VOCABULARY)
                        .toArray()),
                1);
    }

    private static long[] ids(int first, int count) {
        return IntStream.range(first, first + count).asLongStream().toArray();
    }

    private static double largest(NDArray array) {
        return array.abs().max().getDouble();
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(largest(actual.sub(expected)) / largest(expected)).isLessThan(EXACT);
    }

    /** By elimination with the largest pivot of each column. */
    private static int rank(NDArray matrix) {
        int n = (int) matrix.getShape().get(0);
        double[] flat = matrix.toDoubleArray();
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) rows[i] = Arrays.copyOfRange(flat, i * n, (i + 1) * n);
        int rank = 0;
        for (int column = 0; column < n && rank < n; column++) {
            int pivot = rank;
            for (int i = rank; i < n; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
            if (Math.abs(rows[pivot][column]) < EXACT * largest(matrix)) continue;
            double[] swapped = rows[rank];
            rows[rank] = rows[pivot];
            rows[pivot] = swapped;
            for (int i = rank + 1; i < n; i++) {
                double factor = rows[i][column] / rows[rank][column];
                for (int j = column; j < n; j++) rows[i][j] -= factor * rows[rank][j];
            }
            rank++;
        }
        return rank;
    }
}
