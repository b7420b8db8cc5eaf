package org.dualform.theory.matrix;

/**
 * A sum of outer products, M = Σ v_i ⊗ k_i = Vᵀ K, kept as factors. M itself is made only where it is smaller than they
 * are.
 *
 * <p>Legend: N products, p width of v, q width of k.
 *
 * @param v (N, p)
 * @param k (N, q)
 */
public record OuterProducts(Matrix v, Matrix k) {
    public OuterProducts {
        if (v.rows() != k.rows()) throw new IllegalArgumentException(v + " and " + k + " are no pairs");
    }

    /** M x for each row x of {@code rows} (n, q): (n, p). */
    public Matrix apply(Matrix rows) {
        return rows.times(k.transposed()).times(v); // (n, N), then (n, p)
    }

    /** The Frobenius inner product: Σ_ij (v_i · v′_j)(k_i · k′_j). */
    public double dot(OuterProducts other) {
        if (formed() && other.formed()) return dense().dot(other.dense());
        return v.times(other.v.transposed()).dot(k.times(other.k.transposed())); // (N, N′)
    }

    public double norm() {
        return formed() ? dense().norm() : Math.sqrt(Math.max(0, dot(this)));
    }

    /** The cosine of the angle between two matrices; NaN if one of them is 0. */
    public double cosine(OuterProducts other) {
        return dot(other) / (norm() * other.norm());
    }

    /** M − M′, by stacking factors. */
    public OuterProducts minus(OuterProducts other) {
        return new OuterProducts(v.above(other.v.negated()), k.above(other.k));
    }

    /** The same values with other keys: the pairs come apart, and everything else stays. */
    public OuterProducts paired(int... order) {
        return new OuterProducts(v, k.rows(order));
    }

    /** The decomposition of M, of min(N, p, q) singular values. */
    public Svd svd() {
        if (formed()) return Svd.of(dense());
        ThinQr left = ThinQr.of(v.transposed()); // (p, N)
        ThinQr right = ThinQr.of(k.transposed()); // (q, N)
        Svd core = Svd.of(left.r().times(right.r().transposed())); // (N, N)
        return new Svd(left.q().times(core.left()), core.values(), right.q().times(core.right()));
    }

    /** Whether M is no larger than its factors. */
    private boolean formed() {
        return v.rows() >= Math.min(v.columns(), k.columns());
    }

    private Matrix dense() {
        return v.transposed().times(k); // (p, q)
    }
}
