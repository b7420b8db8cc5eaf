package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rotary positions of all layers. In models that were stretched by LongRoPE (Ding et al. 2024, arXiv:2402.13753)
 * they depend on the length of the whole sequence: every position of a long one is rotated in another way.
 *
 * @param byLayer the rotary positions of each layer, {@link Rotary#NONE} for a layer without them; a single one stands
 *     for all layers, and an empty list for none
 * @param longer the rotary positions of longer sequences, or null if the length does not matter
 */
public record Rotaries(List<Rotary> byLayer, @Nullable Longer longer) {
    /** No rotary positions in any layer. */
    public static final Rotaries NONE = new Rotaries(List.of(), null);

    public Rotaries {
        byLayer = List.copyOf(byLayer);
    }

    /** The same rotary positions in all layers, whatever the length. */
    public static Rotaries same(Rotary rotary) {
        return new Rotaries(List.of(rotary), null);
    }

    /**
     * @param than the length in tokens of the longest sequence that these are not for
     * @param rotary the rotary positions in all layers
     */
    public record Longer(int than, Rotary rotary) {}

    /** The rotary positions of a layer. */
    public Rotary of(int layer) {
        if (byLayer.isEmpty()) return Rotary.NONE;
        return byLayer.size() == 1 ? byLayer.get(0) : byLayer.get(layer);
    }

    /** The length of the longest sequence that {@link #byLayer} is for; it has no limit if the length does not matter. */
    public int limit() {
        return longer == null ? Integer.MAX_VALUE : longer.than;
    }

    /** The rotary positions of a whole sequence of {@code tokens} tokens, whatever is still computed of it. */
    public Rotaries at(int tokens) {
        if (longer == null) return this;
        return tokens <= longer.than ? new Rotaries(byLayer, null) : same(longer.rotary);
    }

    /** The rotary positions of short sequences and of long ones; one element if the length does not matter. */
    public List<Rotaries> forms() {
        return longer == null ? List.of(this) : List.of(at(longer.than), same(longer.rotary));
    }

    /**
     * The angles of positions {@code start} … {@code start + tokens - 1}, computed once for all layers that share them.
     *
     * @param manager owns the angles
     */
    public Turns turns(NDManager manager, int start, int tokens, DataType type) {
        Map<Rotary, Rotary.Angles> angles = new LinkedHashMap<>();
        for (Rotary rotary : byLayer) {
            if (rotary.dimensions() == 0) continue;
            angles.computeIfAbsent(rotary, r -> r.angles(manager, start, tokens, type));
        }
        return new Turns(this, angles);
    }

    /**
     * Rotates arrays of some positions.
     *
     * @param angles the angles of these positions
     */
    public record Turns(Rotaries rotaries, Map<Rotary, Rotary.Angles> angles) {
        /** Rotates {@code x} (…, T, hd) as a layer does; the shape stays. */
        public NDArray apply(int layer, NDArray x) {
            Rotary rotary = rotaries.of(layer);
            Rotary.Angles own = angles.get(rotary);
            return own == null ? x : rotary.apply(own, x);
        }
    }
}
