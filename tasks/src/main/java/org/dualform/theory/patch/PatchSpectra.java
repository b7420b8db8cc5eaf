package org.dualform.theory.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.dualform.model.NoGrad;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;
import org.dualform.patch.LayerPatch;
import org.dualform.patch.LowRank;
import org.dualform.theory.matrix.Matrix;
import org.dualform.theory.matrix.Svd;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.Measure;
import org.dualform.theory.result.Spectrum;
import org.dualform.theory.result.Tally;
import org.jspecify.annotations.Nullable;

/**
 * What the patches of many queries have in common. Each is one outer product, u_i ⊗ r_i, so the inner products of n
 * patches, (u_i · u_j)(r_i · r_j), and the singular values of all of them together come from n vectors, and not from the
 * matrices.
 *
 * <p>Legend: n queries, O width of a matrix's output, I of its input.
 *
 * @param patches the blocks' patches of each query
 */
public record PatchSpectra(List<List<LayerPatch>> patches) {
    /** A patch that is smaller against its matrix is rounding. */
    private static final double ROUNDING = 1e-6;

    private static final long SEED = 0x7061746368L;

    /** A patched matrix of a block. */
    private enum Part {
        GATE("gate"),
        UP("up"),
        DOWN("down");

        private final String id;

        Part(String id) {
            this.id = id;
        }

        private @Nullable LowRank of(LayerPatch patch) {
            return switch (this) {
                case GATE -> patch.gate();
                case UP -> patch.up();
                case DOWN -> patch.down();
            };
        }

        private @Nullable Linear of(FeedForward part) {
            return switch (this) {
                case GATE -> part.gate();
                case UP -> part.up();
                case DOWN -> part.down();
            };
        }
    }

    /** The change that fine-tuning made of a matrix, (O, I); null if it is not known. */
    public interface Tuned {
        @Nullable NDArray change(int layer, String part);
    }

    /** Measures every block, and returns the spectra of each part over the queries. */
    public List<Spectrum> measure(NDManager manager, Weights weights, Tuned tuned, Tally tally) {
        List<Spectrum> spectra = new ArrayList<>();
        if (patches.isEmpty()) return spectra;
        for (int layer = 0; layer < patches.get(0).size(); layer++) {
            for (Part part : Part.values()) {
                try (NoGrad off = new NoGrad();
                        NDManager own = manager.newSubManager();
                        NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    Linear matrix = part.of(weights.layers().get(layer).feedForward());
                    if (matrix == null) continue;
                    part(own, layer, part, matrix, tuned.change(layer, part.id), tally, spectra);
                }
            }
        }
        return spectra;
    }

    private void part(
            NDManager manager,
            int layer,
            Part part,
            Linear matrix,
            @Nullable NDArray tuned,
            Tally tally,
            List<Spectrum> spectra) {
        List<LowRank> all = new ArrayList<>();
        double size = number(matrix.weight().norm());
        for (List<LayerPatch> query : patches) {
            LowRank patch = part.of(query.get(layer));
            if (patch == null) continue;
            double length = number(patch.left().norm()) * number(patch.right().norm()) / size;
            tally.add(layer, part.id, Measure.PATCH_NORM, length);
            if (length > ROUNDING) all.add(patch);
        }
        if (all.isEmpty()) return; // in parallel blocks the part's input does not depend on the context
        NDArray u = stacked(all, LowRank::left); // (n, O)
        NDArray r = stacked(all, LowRank::right); // (n, I)
        Matrix gram = square(u.matMul(u.transpose()).mul(r.matMul(r.transpose()))); // (n, n)
        shared(layer, part.id, gram, tally, spectra);
        if (tuned == null) return;
        cosines(layer, part.id, Floor.NONE, u, r, tuned, tally);
        cosines(layer, part.id, Floor.RANDOM, random(manager, layer, u), r, tuned, tally);
        if (all.size() > 1) {
            NDArray next = r.get("1:").getNDArrayInternal().concat(new NDList(r.get("0:1")), 0); // (n, I)
            cosines(layer, part.id, Floor.PERMUTED, u, next, tuned, tally);
        }
    }

    /** The spectrum of all patches, each at length 1, so that no query counts more than another. */
    private static void shared(int layer, String part, Matrix gram, Tally tally, List<Spectrum> spectra) {
        int n = gram.rows();
        double[] cosines = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cosines[i * n + j] = gram.get(i, j) / Math.sqrt(gram.get(i, i) * gram.get(j, j));
            }
        }
        double[] shares = Arrays.stream(Svd.of(new Matrix(n, n, cosines)).values())
                .map(eigenvalue -> eigenvalue / n)
                .toArray();
        tally.add(layer, part, Measure.PATCH_SHARED, shares[0]);
        tally.add(layer, part, Measure.PATCH_SHARED, Floor.RANDOM, 1.0 / n);
        double entropy = -Arrays.stream(shares)
                .filter(share -> share > 0)
                .map(share -> share * Math.log(share))
                .sum();
        tally.add(layer, part, Measure.PATCH_DIRECTIONS, Math.exp(entropy));
        spectra.add(
                new Spectrum(layer, part, "patch", Arrays.stream(shares).boxed().toList()));
    }

    /** ⟨u_i ⊗ r_i, ΔW⟩ / (‖u_i‖ ‖r_i‖ ‖ΔW‖) for each query. */
    private static void cosines(int layer, String part, Floor floor, NDArray u, NDArray r, NDArray tuned, Tally tally) {
        NDArray dots = u.matMul(tuned).mul(r).sum(new int[] {1}); // (n)
        NDArray sizes = u.norm(new int[] {1}).mul(r.norm(new int[] {1})).mul(tuned.norm()); // (n)
        for (double cosine : dots.div(sizes).toType(DataType.FLOAT64, false).toDoubleArray()) {
            tally.add(layer, part, Measure.PATCH_FT, floor, cosine);
        }
    }

    private static NDArray random(NDManager manager, int layer, NDArray like) {
        Random random = new Random(SEED + layer);
        double[] values =
                random.doubles(like.size()).map(x -> random.nextGaussian()).toArray();
        return manager.create(values, like.getShape()).toType(like.getDataType(), false);
    }

    private static double number(NDArray x) {
        return x.toType(DataType.FLOAT64, false).getDouble();
    }

    private static NDArray stacked(List<LowRank> all, Function<LowRank, NDArray> side) {
        NDList rows = new NDList();
        all.forEach(patch -> rows.add(side.apply(patch)));
        return NDArrays.concat(rows, 0);
    }

    private static Matrix square(NDArray gram) {
        int n = (int) gram.getShape().get(0);
        return new Matrix(n, n, gram.toType(DataType.FLOAT64, false).toDoubleArray());
    }
}
