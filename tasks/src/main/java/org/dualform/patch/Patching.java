package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dualform.contract.UserException;
import org.dualform.model.Decoder;
import org.dualform.model.Probe;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.function.Scaled;
import org.jspecify.annotations.Nullable;

/**
 * Makes patches, block after block, while the decoder runs without the context; each block runs patched at once, so that
 * the next one meets what it will meet in the patched model.
 *
 * <p>With z the part's input, a what its result is added to, h the activated inner vector with the context, and indices
 * c and 0 for with and without it, the patch of one token is:
 *
 * <ul>
 *   <li>W_g′ = W_g + W_g (z_c − z₀) ⊗ z₀ / ‖z₀‖², and W_u alike, so that the inner vector becomes h;
 *   <li>W_d′ = W_d + (a_c − a₀) ⊗ h / ‖h‖², which also makes up for what the residual stream lacks (Dherin et al. 2025,
 *       arXiv:2507.16003; for RMS norms, gates and several layers Goldwaser et al. 2025, arXiv:2511.17864).
 * </ul>
 *
 * <p>For several tokens a {@link Fit} makes one change of each matrix. With {@link Fit#MEAN} it is the mean of these
 * patches. With {@link Fit#LEAST_SQUARES}, h is what the changed matrices give, and W_d also makes up for what they miss;
 * for one token that is the patch above.
 *
 * <p>z and a are taken where the decoder feeds the part, so one rule serves every block: before it a norm or none; in
 * parallel blocks z does not depend on the context; after a sum that is normed, a is that norm's output. If a factor
 * scales what the part adds, (a_c − a₀) is divided by it. If an RMS norm with weights w follows the part, its output
 * N(y) must become t = N(y) + (a_c − a₀). Only t with one length of t / w can be such an output. So W_d is changed to give a
 * multiple of t / w, and one factor on the norm's weights makes the length right: for several tokens the mean of their
 * factors, so that only directions are right. Weights near 0, which let nothing pass, are raised first.
 *
 * <p>Legend: B batch, T tokens, n tokens that are patched for, d width, f width of the feed-forward part.
 */
final class Patching implements Probe {
    /** Smaller weights of a norm, against their mean, are raised to this; some checkpoints have weights of exactly 0. */
    private static final double LEAST_WEIGHT = 0.01;

    private static final int[] EACH = {1};

    private final NDManager owner;
    private final Decoder decoder;
    private final Fit fit;
    private final List<FedRow> wanted;
    private final long[] positions;
    private final List<LayerPatch> patches = new ArrayList<>();

    /**
     * @param owner owns the patches
     * @param wanted what the parts meet with the context at n tokens, for each layer
     * @param positions of these n tokens in the batch, whose rows are laid end to end
     */
    Patching(NDManager owner, Decoder decoder, Fit fit, List<FedRow> wanted, long... positions) {
        this.owner = owner;
        this.decoder = decoder;
        this.fit = fit;
        this.wanted = wanted;
        this.positions = positions;
    }

    List<LayerPatch> patches() {
        return List.copyOf(patches);
    }

    @Override
    public NDArray feedForward(int layer, NDArray base, NDArray input, UnaryOperator<NDArray> part) {
        Architecture architecture = decoder.architecture();
        LayerWeights w = decoder.weights().layers().get(layer);
        FedRow now = new FedRow(FedRow.at(base, positions), FedRow.at(input, positions));
        requireNumbers(layer, "the input of its feed-forward part", now.input());
        NDArray met = wanted.get(layer).input(); // (n, d)
        NDArray moved = met.sub(now.input()); // (n, d)
        Linear gated = w.feedForward().gate();
        LowRank gate = gated == null ? null : moved(gated, now.input(), moved);
        LowRank up = moved(w.feedForward().up(), now.input(), moved);
        NDArray inner = LayerPatch.inner(architecture, w.feedForward(), gate, up, input); // (B, T, f) or (n, f)
        NDArray aimed = LayerPatch.inner(architecture, w.feedForward(), null, null, met); // (n, f)
        NDArray h = fit == Fit.MEAN ? aimed : FedRow.at(inner, positions); // (n, f)
        requireNumbers(layer, "the inner vector of its feed-forward part", h);
        NDArray missing = scaled(wanted.get(layer).base().sub(now.base())); // (n, d)
        LayerPatch patch = down(layer, w, gate, up, aimed, h, missing);
        patches.add(patch.keep(owner));
        return patch.added(architecture, w, inner);
    }

    /**
     * @param aimed the inner vectors that the context gives, (n, f)
     * @param h the inner vectors that W_d is changed at, (n, f)
     * @param missing what the residual stream lacks, (n, d)
     */
    private LayerPatch down(
            int layer, LayerWeights w, @Nullable LowRank gate, LowRank up, NDArray aimed, NDArray h, NDArray missing) {
        Linear down = w.feedForward().down();
        NDArray y = down.apply(aimed); // (n, d)
        NDArray own = down.apply(h); // (n, d)
        Norm.Scale scale = w.feedForwardOutputNorm();
        if (scale == null) return new LayerPatch(gate, up, fit.of(h, y.sub(own).add(missing)), null);
        if (!(decoder.architecture().norm() instanceof Norm.Rms rms)) {
            throw unable(layer, "a layer norm follows its feed-forward part, whose output has a mean of zero");
        }
        NDArray plain = scale.weight() == null ? y.get("0").onesLike() : scale.weight(); // (d)
        NDArray weight = raised(layer, plain); // (d)
        NDArray wanted = rms.apply(new Norm.Scale(plain, null), y).add(missing); // (n, d)
        NDArray direction = wanted.div(weight); // (n, d)
        NDArray length = lengths(y).div(lengths(direction)); // (n, 1)
        NDArray aim = direction.mul(length); // (n, d)
        NDArray size = aim.square().mean(EACH, true).add(rms.epsilon()).sqrt(); // (n, 1)
        NDArray factor = size.div(length).mean(); // ()
        return new LayerPatch(gate, up, fit.of(h, aim.sub(own)), weight.mul(factor));
    }

    /** The length of each row: (n, d) gives (n, 1). */
    private static NDArray lengths(NDArray x) {
        return x.norm(EACH, true);
    }

    /** The norm's weights (d), none of them near 0, since what is near 0 lets nothing pass. */
    private static NDArray raised(int layer, NDArray weight) {
        NDArray least = weight.abs().mean().mul(LEAST_WEIGHT); // ()
        if (number(least) == 0) throw unable(layer, "all weights of the norm after its feed-forward part are 0");
        NDArray small = weight.abs().lt(least).toType(weight.getDataType(), false); // (d)
        return weight.mul(small.neg().add(1)).add(small.mul(least)); // (d)
    }

    /** The change that moves a layer's outputs at {@code inputs} to where they are at the moved inputs. */
    private LowRank moved(Linear linear, NDArray inputs, NDArray moved) {
        return fit.of(inputs, new Linear(linear.weight(), null).apply(moved));
    }

    private NDArray scaled(NDArray missing) {
        double factor = decoder.architecture().scaling().residual();
        return factor == 1 ? missing : Scaled.times(missing, 1 / factor);
    }

    private static void requireNumbers(int layer, String what, NDArray x) {
        NDArray sizes = x.square().sum(EACH); // (n)
        if (!Double.isFinite(number(sizes.sum()))) throw unable(layer, what + " is not finite");
        if (number(sizes.min()) == 0) throw unable(layer, what + " is 0, which any change of weights leaves 0");
    }

    private static double number(NDArray x) {
        return x.toType(DataType.FLOAT64, false).getDouble();
    }

    private static UserException unable(int layer, String why) {
        return UserException.data("This model cannot be patched in block " + layer + ": " + why
                + ". Leave the patches out (--no-patches of dual-form, the arms patch=), or take another model.");
    }
}
