package org.dualform.score.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a similarity is read against. A similarity by itself says little; beside it stands what it would be without the
 * cause that it claims. The name of such a metric ends in the floor's {@link #id()}: {@code sim_aou.random}.
 */
public enum Floor {
    /** A random direction, normally distributed with mean zero, in place of fine-tuning's update. */
    RANDOM,
    /** A direction uniform in [0, 1) in every dimension, as in the paper. */
    RANDOM_UNIFORM,
    /** Fine-tuning's update on another row. */
    PERMUTED,
    /** In-context learning under another order of the same demonstrations: the most that can be expected. */
    NOISE_FLOOR,
    /** A model with random weights; measured by an arm of that name. */
    UNTRAINED,
    /** A model whose weights are random except the embeddings; measured by an arm of that name. */
    UNTRAINED_EMBEDDINGS,
    /** Layer-causal gradient descent (Deutch et al. 2024); measured by an arm of that name. */
    LCGD;

    /** The suffix in names of metrics, the word in {@code baselines}, and the arm's name where an arm measures it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Floor> find(String id) {
        return Arrays.stream(values()).filter(floor -> floor.id().equals(id)).findFirst();
    }
}
