package org.dualform.data;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Chooses the rows that are demonstrations, those that are evaluated and those that choose the learning rate. Every
 * draw is a permutation of a {@link NamedRandom} whose name begins with {@link #VERSION}. If any draw changes, the
 * version must change too.
 */
public final class RowChoice {
    /** The name of this way to choose. It is part of every result's provenance. */
    public static final String VERSION = "rows-v1";

    private static final int HOLD_OUT_SHARE = 5;

    private RowChoice() {}

    /**
     * The indices of the demonstrations. Seed 0 takes the first rows; every other seed takes the first rows of its own
     * permutation, {@code rows-v1/demonstrations/SEED}. Fewer shots are a prefix of more.
     */
    public static List<Integer> demonstrations(int seed, int trainRows, int shots) {
        return demonstrationOrder(seed, trainRows).subList(0, Math.min(shots, trainRows));
    }

    /**
     * The arrangement of n demonstrations in order m: entry i is the demonstration of order 0 that stands at place i.
     * Order 0 is the identity. Order m &gt; 0 is the first permutation of {@code rows-v1/order/M} that is not.
     */
    public static List<Integer> order(int order, int demonstrations) {
        List<Integer> identity = range(0, demonstrations);
        if (order == 0 || demonstrations < 2) return identity;
        NamedRandom random = new NamedRandom(VERSION + "/order/" + order);
        List<Integer> permutation = random.permutation(demonstrations);
        while (permutation.equals(identity)) permutation = random.permutation(demonstrations);
        return List.copyOf(permutation);
    }

    /**
     * The indices of the evaluated rows, the same for every seed: the first rows of the file, or of the permutation
     * {@code rows-v1/evaluation}. A larger limit only adds rows.
     *
     * @param firstRows as {@link org.dualform.spec.DataChoice#evaluatesFirstRows()}
     */
    public static List<Integer> evaluated(boolean firstRows, int rows, int limit) {
        int count = Math.min(limit, rows);
        if (firstRows) return range(0, count);
        return List.copyOf(
                new NamedRandom(VERSION + "/evaluation").permutation(rows).subList(0, count));
    }

    /**
     * The indices of training rows that no seed uses as a demonstration, in the order of the permutation
     * {@code rows-v1/select}. Empty if the demonstrations use all rows. A larger limit only adds rows.
     *
     * @param limit the most rows
     */
    public static List<Integer> select(Collection<Integer> seeds, int trainRows, int maxShots, int limit) {
        Set<Integer> used = new HashSet<>();
        for (int seed : seeds) used.addAll(demonstrations(seed, trainRows, maxShots));
        return new NamedRandom(VERSION + "/select")
                .permutation(trainRows).stream()
                        .filter(row -> !used.contains(row))
                        .limit(limit)
                        .toList();
    }

    /** The order in which rows that are reported are chosen on: the permutation {@code rows-v1/select-reported}. */
    public static List<Integer> selectReported(int rows, int limit) {
        return new NamedRandom(VERSION + "/select-reported")
                .permutation(rows).stream().limit(limit).toList();
    }

    /** The indices of a single file's rows in two parts, each in the file's order. */
    public record Halves(List<Integer> train, List<Integer> heldOut) {}

    /** Holds out a fifth of the rows, at least one, by the permutation {@code rows-v1/hold-out}. */
    public static Halves holdOut(int rows) {
        int count = Math.min(rows, Math.max(1, rows / HOLD_OUT_SHARE));
        Set<Integer> heldOut = Set.copyOf(
                new NamedRandom(VERSION + "/hold-out").permutation(rows).subList(0, count));
        return new Halves(
                range(0, rows).stream().filter(row -> !heldOut.contains(row)).toList(),
                heldOut.stream().sorted().toList());
    }

    private static List<Integer> demonstrationOrder(int seed, int trainRows) {
        if (seed == 0) return range(0, trainRows);
        return new NamedRandom(VERSION + "/demonstrations/" + seed).permutation(trainRows);
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
