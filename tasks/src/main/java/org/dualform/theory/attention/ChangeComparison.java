package org.dualform.theory.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.dualform.theory.matrix.Matrix;
import org.dualform.theory.matrix.OuterProducts;
import org.dualform.theory.matrix.Subspaces;
import org.dualform.theory.matrix.Svd;
import org.dualform.theory.matrix.Vectors;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.Measure;
import org.dualform.theory.result.Spectrum;
import org.dualform.theory.result.Tally;

/**
 * Compares ΔW_ICL with ΔW_FT, one key/value head and query at a time: rank, norm, spectrum, and how alike they are, each
 * beside the same number for a random matrix and for ΔW_ICL with its pairs of values and keys torn apart.
 *
 * <p>Legend: N tokens of demonstrations, Z tokens of the query part, G queries of a key/value head, hd width of a head.
 */
public final class ChangeComparison {
    /** How many singular directions are compared as a subspace. */
    static final int DIMENSIONS = 4;

    /** Smaller singular values, relative to the largest, are the rounding of single precision. */
    private static final double RANK_TOLERANCE = 1e-5;

    private static final int SHOWN = 16;
    private static final long SEED = 0x6475616CL;
    private static final List<Floor> COMPARED = List.of(Floor.NONE, Floor.RANDOM, Floor.PERMUTED);

    private record Place(int layer, int head) {}

    /** Of one place, whatever the queries see there. */
    private static final class Seen {
        private final Map<Integer, List<ContextChange>> byFirstColumn = new HashMap<>();
        private final List<double[]> tuned = new ArrayList<>();
    }

    private final Tally tally;
    private final Map<Place, Seen> seen = new HashMap<>();

    public ChangeComparison(Tally tally) {
        this.tally = tally;
    }

    /**
     * One query in one place. Keys and queries are in the frame of the query's first token.
     *
     * @param icl Σ v ⊗ k over the demonstrations, N products
     * @param firstColumn the first column of a demonstration that is seen
     * @param ft Σ v ⊗ k over the query part, tuned less base, 2Z products
     * @param inContext the queries with demonstrations, (G, hd)
     * @param zeroShot the queries without, (G, hd)
     */
    void add(
            int layer,
            int head,
            OuterProducts icl,
            int firstColumn,
            OuterProducts ft,
            Matrix inContext,
            Matrix zeroShot) {
        String part = "key/value head " + head;
        Seen here = seen.computeIfAbsent(new Place(layer, head), place -> new Seen());
        List<ContextChange> changes = here.byFirstColumn.get(firstColumn);
        if (changes == null) {
            Random random = new Random(SEED + 31L * layer + head);
            changes = COMPARED.stream()
                    .map(floor -> ContextChange.of(floor, icl, random))
                    .toList();
            here.byFirstColumn.put(firstColumn, changes);
            describe(layer, part, changes.get(0));
        }
        Svd svd = ft.svd();
        double norm = Vectors.norm(svd.values());
        tally.add(layer, part, Measure.FT_NORM, norm);
        if (norm == 0) return; // fine-tuning changed nothing here, so there is nothing to compare
        tally.add(layer, part, Measure.FT_RANK, svd.rank(RANK_TOLERANCE));
        tally.add(layer, part, Measure.FT_STABLE_RANK, stableRank(svd));
        here.tuned.add(shown(svd));
        Matrix tuned = ft.apply(zeroShot); // (G, hd)
        for (ContextChange change : changes) {
            tally.add(layer, part, Measure.COSINE, change.floor(), change.cosine(ft));
            tally.add(layer, part, Measure.ALIGNMENT, change.floor(), alignment(change.apply(inContext), tuned));
            subspaces(layer, part, change, svd);
        }
    }

    private void describe(int layer, String part, ContextChange change) {
        tally.add(layer, part, Measure.ICL_NORM, change.norm());
        tally.add(layer, part, Measure.ICL_RANK, change.svd().rank(RANK_TOLERANCE));
        tally.add(layer, part, Measure.ICL_STABLE_RANK, stableRank(change.svd()));
    }

    private void subspaces(int layer, String part, ContextChange change, Svd ft) {
        int dimensions = Math.min(DIMENSIONS, Math.min(change.svd().rank(RANK_TOLERANCE), ft.rank(RANK_TOLERANCE)));
        if (dimensions == 0) return;
        double[] values = Subspaces.cosines(change.svd().left(), ft.left(), dimensions);
        double[] keys = Subspaces.cosines(change.svd().right(), ft.right(), dimensions);
        tally.add(layer, part, Measure.OVERLAP_VALUES, change.floor(), overlap(values));
        tally.add(layer, part, Measure.OVERLAP_KEYS, change.floor(), overlap(keys));
        tally.add(layer, part, Measure.ANGLE_VALUES, change.floor(), Math.toDegrees(Math.acos(values[0])));
        tally.add(layer, part, Measure.ANGLE_KEYS, change.floor(), Math.toDegrees(Math.acos(keys[0])));
    }

    private static double overlap(double[] cosines) {
        return Vectors.dot(cosines, cosines) / cosines.length;
    }

    private static double alignment(Matrix a, Matrix b) {
        double sum = 0;
        for (int g = 0; g < a.rows(); g++) sum += Vectors.cosine(a.row(g), b.row(g));
        return sum / a.rows();
    }

    private static double stableRank(Svd svd) {
        double norm = Vectors.norm(svd.values());
        return norm == 0 ? 0 : Math.pow(norm / svd.values()[0], 2);
    }

    private static double[] shown(Svd svd) {
        double norm = Vectors.norm(svd.values());
        return Arrays.stream(svd.values()).limit(SHOWN).map(s -> s / norm).toArray();
    }

    /** The spectra of all places, ordered; ΔW_FT's is the mean over the queries. */
    public List<Spectrum> spectra() {
        Map<String, List<Spectrum>> ordered = new TreeMap<>();
        seen.forEach((place, here) -> {
            String part = "key/value head " + place.head;
            List<Spectrum> two = new ArrayList<>();
            here.byFirstColumn.values().stream()
                    .findFirst()
                    .filter(changes -> changes.get(0).norm() > 0)
                    .ifPresent(changes -> two.add(new Spectrum(
                            place.layer,
                            part,
                            "icl",
                            Arrays.stream(shown(changes.get(0).svd())).boxed().toList())));
            if (!here.tuned.isEmpty()) two.add(new Spectrum(place.layer, part, "ft", mean(here.tuned)));
            ordered.put(String.format(Locale.ROOT, "%05d %05d", place.layer, place.head), two);
        });
        return ordered.values().stream().flatMap(List::stream).toList();
    }

    private static List<Double> mean(List<double[]> rows) {
        int shortest = rows.stream().mapToInt(row -> row.length).min().orElse(0);
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < shortest; i++) {
            int place = i;
            means.add(rows.stream().mapToDouble(row -> row[place]).average().orElse(0));
        }
        return means;
    }
}
