package org.dualform.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RowChoiceTest {
    @Example
    void theChoiceNeverChanges() {
        // Computed apart from this code, in Python, from the algorithm as NamedRandom documents it.
        assertThat(new NamedRandom("rows-v1/demonstrations/1").nextLong()).isEqualTo(-8438999153160654429L);
        assertThat(RowChoice.demonstrations(1, 2000, 6)).containsExactly(593, 684, 1813, 949, 380, 482);
        assertThat(RowChoice.order(1, 8)).containsExactly(0, 6, 7, 5, 4, 1, 2, 3);
        assertThat(RowChoice.evaluated(false, 872, 5)).containsExactly(664, 727, 242, 128, 116);
    }

    @Example
    void seedZeroIsTheFilesOrder() {
        assertThat(RowChoice.demonstrations(0, 10, 3)).containsExactly(0, 1, 2);
        assertThat(RowChoice.evaluated(true, 10, 3)).containsExactly(0, 1, 2);
        assertThat(RowChoice.evaluated(true, 2, 200)).containsExactly(0, 1);
    }

    @Property(tries = 200)
    void fewerShotsAreAPrefixOfMore(@ForAll @IntRange(max = 50) int seed, @ForAll @IntRange(max = 60) int shots) {
        List<Integer> all = RowChoice.demonstrations(seed, 40, 40);
        assertThat(Set.copyOf(all)).hasSize(40);
        assertThat(RowChoice.demonstrations(seed, 40, shots)).isEqualTo(all.subList(0, Math.min(shots, 40)));
    }

    @Property(tries = 200)
    void anOrderIsAPermutationAndChangesSomething(
            @ForAll @IntRange(max = 30) int order, @ForAll @IntRange(max = 12) int size) {
        List<Integer> permutation = RowChoice.order(order, size);
        List<Integer> identity = IntStream.range(0, size).boxed().toList();
        assertThat(permutation).containsExactlyInAnyOrderElementsOf(identity);
        if (order == 0 || size < 2) assertThat(permutation).isEqualTo(identity);
        else assertThat(permutation).isNotEqualTo(identity);
    }

    @Property(tries = 100)
    void rowsThatChooseTheRateAreNoDemonstrations(
            @ForAll Set<@IntRange(max = 9) Integer> seeds,
            @ForAll @IntRange(max = 32) int shots,
            @ForAll @IntRange(max = 300) int limit) {
        Set<Integer> used = new HashSet<>();
        for (int seed : seeds) used.addAll(RowChoice.demonstrations(seed, 300, shots));
        List<Integer> select = RowChoice.select(seeds, 300, shots, limit);
        assertThat(select).doesNotHaveDuplicates().noneMatch(used::contains);
        assertThat(select).hasSize(Math.min(limit, 300 - used.size()));
        assertThat(RowChoice.select(seeds, 300, shots, 300).subList(0, select.size()))
                .isEqualTo(select);
    }

    @Property(tries = 100)
    void heldOutRowsAndTheOthersAreTheWhole(@ForAll @IntRange(max = 100) int rows) {
        RowChoice.Halves halves = RowChoice.holdOut(rows);
        Set<Integer> all = new HashSet<>(halves.train());
        all.addAll(halves.heldOut());
        assertThat(all).hasSize(rows);
        assertThat(halves.train().size() + halves.heldOut().size()).isEqualTo(rows);
    }

    @Example
    void boundedDrawsFavourNone() {
        int[] counts = new int[5];
        NamedRandom random = new NamedRandom("test");
        for (int i = 0; i < 50_000; i++) counts[random.nextInt(5)]++;
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
    }
}
