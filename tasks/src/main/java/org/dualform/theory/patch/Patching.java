package org.dualform.theory.patch;

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
 * Makes the patches of one token, block after block, while the decoder runs without the context; each block runs patched
 * at once, so that the next one meets what it will meet in the patched model.
 *
 * <p>With z the part's input, a what its result is added to, h the activated inner vector with the context, and indices
 * c and 0 for with and without it:
 *
 * <ul>
 *   <li>W_g′ = W_g + W_g (z_c − z₀) ⊗ z₀ / ‖z₀‖², and W_u alike, so that the inner vector becomes h;
 *   <li>W_d′ = W_d + (a_c − a₀) ⊗ h / ‖h‖², which also makes up for what the residual stream lacks (Dherin et al. 2025,
 *       arXiv:2507.16003; for RMS norms, gates and several layers Goldwaser et al. 2025, arXiv:2511.17864).
 * </ul>
 *
 * <p>z and a are taken where the decoder feeds the part, so one rule serves every block: before it a norm or none; in
 * parallel blocks z does not depend on the context; after a sum that is normed, a is that norm's output. If a factor
 * scales what the part adds, (a_c − a₀) is divided by it. If an RMS norm with weights w follows the part, its output
 * N(y) must become t = N(y) + (a_c − a₀). Only t with one length of t / w can be such an output. So W_d is changed to give a
 * multiple of t / w, and one factor on the norm's weights makes the length right. Weights near 0, which let nothing
 * pass, are raised first.
 *
 * <p>Legend: T tokens, d width, f width of the feed-forward part.
 */
final class Patching implements Probe {
    /** Smaller weights of a norm, against their mean, are raised to this; some checkpoints have weights of exactly 0. */
    private static final double LEAST_WEIGHT = 0.01;

    private final NDManager owner;
    private final Decoder decoder;
    private final List<FedRow> wanted;
    private final List<LayerPatch> patches = new ArrayList<>();

    /**
     * @param owner owns the patches
     * @param wanted what the parts meet with the context
     */
    Patching(NDManager owner, Decoder decoder, List<FedRow> wanted) {
        this.owner = owner;
        this.decoder = decoder;
        this.wanted = wanted;
    }

    List<LayerPatch> patches() {
        return List.copyOf(patches);
    }

    @Override
    public NDArray feedForward(int layer, NDArray base, NDArray input, UnaryOperator<NDArray> part) {
        Architecture architecture = decoder.architecture();
        LayerWeights w = decoder.weights().layers().get(layer);
        FedRow now = new FedRow(FedRow.last(base), FedRow.last(input));
        requireNumbers(layer, "the input of its feed-forward part", now.input());
        NDArray moved = wanted.get(layer).input().sub(now.input()); // (1, d)
        Linear gated = w.feedForward().gate();
        RankOne gate = gated == null ? null : moved(gated, now.input(), moved);
        RankOne up = moved(w.feedForward().up(), now.input(), moved);
        NDArray inner = LayerPatch.inner(architecture, w.feedForward(), gate, up, input); // (1, T, f) or (1, f)
        NDArray h = FedRow.last(inner); // (1, f)
        requireNumbers(layer, "the inner vector of its feed-forward part", h);
        NDArray missing = scaled(wanted.get(layer).base().sub(now.base())); // (1, d)
        LayerPatch patch = down(layer, w, gate, up, h, missing);
        patches.add(patch.keep(owner));
        return patch.added(architecture, w, inner);
    }

    private LayerPatch down(int layer, LayerWeights w, @Nullable RankOne gate, RankOne up, NDArray h, NDArray missing) {
        Norm.Scale scale = w.feedForwardOutputNorm();
        if (scale == null) return new LayerPatch(gate, up, RankOne.at(h, missing), null);
        if (!(decoder.architecture().norm() instanceof Norm.Rms rms)) {
            throw unable(layer, "a layer norm follows its feed-forward part, whose output has a mean of zero");
        }
        NDArray y = w.feedForward().down().apply(h); // (1, d)
        NDArray plain = scale.weight() == null ? y.onesLike().squeeze(0) : scale.weight(); // (d)
        NDArray weight = raised(layer, plain); // (d)
        NDArray wanted = rms.apply(new Norm.Scale(plain, null), y).add(missing); // (1, d)
        NDArray direction = wanted.div(weight); // (1, d)
        NDArray length = y.norm().div(direction.norm()); // ()
        NDArray aim = direction.mul(length); // (1, d)
        NDArray size = aim.square().mean().add(rms.epsilon()).sqrt(); // ()
        return new LayerPatch(gate, up, RankOne.at(h, aim.sub(y)), weight.mul(size.div(length)));
    }

    /** The norm's weights (d), none of them near 0, since what is near 0 lets nothing pass. */
    private static NDArray raised(int layer, NDArray weight) {
        NDArray least = weight.abs().mean().mul(LEAST_WEIGHT); // ()
        if (number(least) == 0) throw unable(layer, "all weights of the norm after its feed-forward part are 0");
        NDArray small = weight.abs().lt(least).toType(weight.getDataType(), false); // (d)
        return weight.mul(small.neg().add(1)).add(small.mul(least)); // (d)
    }

    /** The change that moves a layer's output at {@code input} to where it is at the moved input. */
    private static RankOne moved(Linear linear, NDArray input, NDArray moved) {
        return RankOne.at(input, new Linear(linear.weight(), null).apply(moved));
    }

    private NDArray scaled(NDArray missing) {
        double factor = decoder.architecture().scaling().residual();
        return factor == 1 ? missing : Scaled.times(missing, 1 / factor);
    }

    private static void requireNumbers(int layer, String what, NDArray x) {
        double size = number(x.square().sum());
        if (!Double.isFinite(size)) throw unable(layer, what + " is not finite");
        if (size == 0) throw unable(layer, what + " is 0, which any change of weights leaves 0");
    }

    private static double number(NDArray x) {
        return x.toType(DataType.FLOAT64, false).getDouble();
    }

    private static UserException unable(int layer, String why) {
        return UserException.data("This model cannot be patched in block " + layer + ": " + why
                + ". Leave the patches out (--no-patches), or take another model.");
    }
}
