package org.dualform.finetune.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UpdateTest {
    @Property(tries = 60)
    void factorsAddUpToTheSumOfOuterProducts(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 9) Integer> steps,
            @ForAll @IntRange(min = 1, max = 12) int in,
            @ForAll @IntRange(min = 1, max = 12) int out,
            @ForAll long seed) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            int tokens = steps.stream().mapToInt(Integer::intValue).sum();
            double[][] e = random(tokens, out, seed);
            double[][] x = random(tokens, in, seed + 1);
            var expected = new double[out][in];
            for (int t = 0; t < tokens; t++) {
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < in; i++) {
                        expected[o][i] += e[t][o] * x[t][i];
                    }
                }
            }
            NDArray factored = zeros(manager, new Shape(out, in));
            var update = new Factored(manager.create(e), manager.create(x), steps);
            update.addTo(factored);
            NDArray dense = zeros(manager, new Shape(out, in));
            new Dense(manager.create(expected)).addTo(dense);

            assertThat(update.shape()).isEqualTo(dense.getShape());
            assertThat(largest(factored.sub(dense))).isLessThan(1e-12);
        }
    }

    @Property(tries = 60)
    void aCutIntoSegmentsChangesNoBit(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 9) Integer> steps,
            @ForAll @IntRange(min = 1, max = 5) int cutAt,
            @ForAll long seed) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            int cut = Math.min(cutAt, steps.size() - 1);
            int tokens = steps.stream().mapToInt(Integer::intValue).sum();
            int first =
                    steps.subList(0, cut).stream().mapToInt(Integer::intValue).sum();
            NDArray e = manager.create(random(tokens, 7, seed)).toType(DataType.FLOAT32, false);
            NDArray x = manager.create(random(tokens, 5, seed + 1)).toType(DataType.FLOAT32, false);
            var index = new NDIndex[] {new NDIndex("{}:{}", 0, first), new NDIndex("{}:{}", first, tokens)};
            List<Update> segments = List.of(
                    new Factored(e.get(index[0]), x.get(index[0]), steps.subList(0, cut)),
                    new Factored(e.get(index[1]), x.get(index[1]), steps.subList(cut, steps.size())));

            NDArray whole = manager.zeros(new Shape(7, 5));
            new Factored(e, x, steps).addTo(whole);
            NDArray cutUp = manager.zeros(new Shape(7, 5));
            segments.forEach(s -> s.addTo(cutUp));
            assertThat(cutUp.toFloatArray()).isEqualTo(whole.toFloatArray());

            NDArray total = manager.zeros(new Shape(7, 5));
            segments.get(0).addTo(total);
            NDArray continued = manager.zeros(new Shape(7, 5));
            new Dense(total).addTo(continued);
            segments.get(1).addTo(continued);
            assertThat(continued.toFloatArray())
                    .as("a dense total, continued with factors")
                    .isEqualTo(whole.toFloatArray());
        }
    }

    @Example
    void vectorsAddUpStepByStep() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            var update = new Vector(manager.create(new float[][] {{1, 2, 3}, {10, 20, 30}}));
            NDArray sum = manager.ones(new Shape(3));
            update.addTo(sum);
            assertThat(sum.toFloatArray()).containsExactly(12, 23, 34);
            assertThat(update.bytes()).isEqualTo(24);
            assertThat(update.shape()).isEqualTo(new Shape(3));
        }
    }

    @Example
    void rowsChangeOnlyThemselves() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            var update = new Rows(List.of(3L, 0L), manager.create(new float[][] {{1, 2}, {5, 6}}), new Shape(4, 2));
            NDArray sum = manager.ones(new Shape(4, 2));
            update.addTo(sum);
            assertThat(sum.toFloatArray()).containsExactly(6, 7, 1, 1, 1, 1, 2, 3);
            assertThat(update.bytes()).isEqualTo(16 + 16);
        }
    }

    @Example
    void mistakesAreNamed() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray two = manager.ones(new Shape(2, 2));
            assertThatThrownBy(() -> new Factored(two, two, List.of(1))).hasMessageContaining("do not cover");
            assertThatThrownBy(() -> new Rows(List.of(1L, 1L), two, new Shape(4, 2)))
                    .hasMessageContaining("twice");
            assertThatThrownBy(() -> new Rows(List.of(1L), two, new Shape(4, 2)))
                    .hasMessageContaining("1 rows");
            assertThatThrownBy(() -> new Dense(two).addTo(manager.ones(new Shape(1, 2))))
                    .hasMessageContaining("cannot be added");
        }
    }

    @Example
    void addingUpLeavesNoArrayBehind() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray e = manager.ones(new Shape(5, 3));
            NDArray x = manager.ones(new Shape(5, 4));
            var updates = new ArrayList<Update>(List.of(
                    new Factored(e, x, List.of(2, 3)),
                    new Dense(manager.ones(new Shape(3, 4))),
                    new Rows(List.of(1L), manager.ones(new Shape(1, 4)), new Shape(3, 4))));
            NDArray sum = manager.zeros(new Shape(3, 4));
            int before = manager.getManagedArrays().size();
            updates.forEach(u -> u.addTo(sum));
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    private static NDArray zeros(NDManager manager, Shape shape) {
        return manager.zeros(shape, DataType.FLOAT64);
    }

    private static double largest(NDArray array) {
        return array.abs().max().getDouble();
    }

    private static double[][] random(int rows, int columns, long seed) {
        var random = new Random(seed);
        var values = new double[rows][columns];
        for (double[] row : values) {
            java.util.Arrays.setAll(row, i -> random.nextGaussian());
        }
        return values;
    }
}
