package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.model.checkpoint.StoredWeight;
import org.dualform.model.checkpoint.WeightFiles;
import org.dualform.model.family.file.Family;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a family the tensors of a checkpoint. It collects the tensors that are missing or whose shape differs from what
 * config.json says.
 */
final class StoredWeights implements TensorSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoredWeights.class);
    private static final Pattern LAYER = Pattern.compile("(?:^|\\.)(?:h|layers)\\.(\\d+)\\.");

    /** How many mistakes are reported at a time. */
    private static final int MOST_MISTAKES = 20;

    private final WeightFiles checkpoint;
    private final NDManager manager;
    private final DataType type;
    private final Mistakes mistakes = new Mistakes(ExitCode.DATA);
    private final Set<String> taken = new HashSet<>();
    private final long stored;
    private int standIns;

    StoredWeights(WeightFiles checkpoint, NDManager manager, DataType type) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.type = type;
        this.stored = checkpoint.places().values().stream()
                .mapToLong(StoredWeight::size)
                .sum();
    }

    private static double elements(Shape shape) {
        double n = 1;
        for (long dimension : shape.getShape()) n *= dimension;
        return n;
    }

    @Override
    public boolean stores(String name) {
        return checkpoint.places().containsKey(name);
    }

    @Override
    public NDArray take(String name, Shape shape) {
        StoredWeight place = checkpoint.places().get(name);
        taken.add(name);
        if (place == null) {
            mistakes.add("The tensor " + name + " is missing from " + checkpoint.folder() + ": the model would run with"
                    + " random values there." + otherName(name));
            return standIn(shape);
        }
        if (!new Shape(place.dimensions()).equals(shape)) {
            mistakes.add("The tensor " + name + " in " + place.file() + " has the shape "
                    + Arrays.toString(place.dimensions()) + ", but "
                    + checkpoint.whereSizesAre() + " makes it " + shape + ".");
            return standIn(shape);
        }
        try {
            return place.load(manager, type);
        } catch (UserException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            return standIn(shape);
        }
    }

    /** A sentence about a stored tensor whose name ends in the wanted one, or nothing. */
    private String otherName(String name) {
        return checkpoint.places().keySet().stream()
                .filter(stored -> stored.endsWith("." + name))
                .sorted()
                .findFirst()
                .map(stored ->
                        " The file has " + stored + ": if that is the tensor, save the model without what wraps it"
                                + " (a compiled module, a parallel one or an adapter), or rename its tensors.")
                .orElse("");
    }

    /**
     * A stand-in of the right shape for a tensor that is wrong, so that further mistakes can be found. It takes no
     * memory. A shape larger than the whole checkpoint, or a long list of mistakes, ends the search, because families
     * compute with what they are given.
     */
    private NDArray standIn(Shape shape) {
        if (++standIns >= MOST_MISTAKES || elements(shape) > stored) mistakes.throwIfAny();
        return manager.zeros(new Shape(1), type).broadcast(shape);
    }

    /** The names of the tensors that were taken. */
    Set<String> taken() {
        return Set.copyOf(taken);
    }

    /** Throws if anything was wrong, and logs the stored tensors that were not taken. */
    void finish(Family family, Architecture architecture) {
        for (String name : checkpoint.places().keySet()) {
            if (taken.contains(name) || family.ignores(name)) continue;
            Matcher layer = LAYER.matcher(name);
            if (layer.find() && beyond(layer.group(1), architecture.sizes().layers())) {
                mistakes.add("The tensor " + name + " belongs to a layer beyond the "
                        + architecture.sizes().layers() + " that " + checkpoint.whereSizesAre() + " says.");
            } else {
                LOG.warn("The tensor {} of {} is not used by {} models.", name, checkpoint.folder(), family.name());
            }
        }
        mistakes.throwIfAny();
    }

    private static boolean beyond(String layer, int layers) {
        return layer.length() > 9 || Integer.parseInt(layer) >= layers;
    }
}
