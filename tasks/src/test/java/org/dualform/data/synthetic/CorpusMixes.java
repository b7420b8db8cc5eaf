package org.dualform.data.synthetic;

/** Mixes for tests. */
public final class CorpusMixes {
    private CorpusMixes() {}

    public static CorpusMix ordinary() {
        return mix(new Ramp(0.6, 0, 0.25), new Ramp(0.5, 0.05, 0.5), 0.15);
    }

    public static CorpusMix episodesOnly() {
        return mix(new Ramp(0, 0, 1), new Ramp(0, 0, 1), 0);
    }

    private static CorpusMix mix(Ramp copying, Ramp binding, double text) {
        return new CorpusMix(
                copying,
                binding,
                text,
                new CorpusMix.LabelShares(0.5, 0.2, 0.1, 0.1, 0.1),
                new CorpusMix.AttributeShares(0.7, 0.15, 0.15),
                new Ramp(0.9, 0.15, 0.5),
                new Ramp(0.9, 0.1, 0.5),
                0.1);
    }
}
