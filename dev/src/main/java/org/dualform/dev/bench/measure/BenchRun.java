package org.dualform.dev.bench.measure;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.dualform.contract.Progress;
import org.dualform.dev.bench.workload.ModelShape;
import org.dualform.dev.bench.workload.RandomCheckpoint;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.jspecify.annotations.Nullable;

/** One run of benchmarks. It holds the number of rounds, the open models, and the peers if they were requested. */
public final class BenchRun implements AutoCloseable {
    private final Path folder;
    private final int rounds;
    private final @Nullable Peers peers;
    private final Consumer<String> told;
    private final Map<String, LanguageModel> open = new TreeMap<>();

    /**
     * @param folder the folder of the random checkpoints
     * @param rounds the number of measurements of each side of a ratio
     * @param peers the software of other projects to compare with; null without it
     * @param told receives messages about the progress, one line each
     */
    public BenchRun(Path folder, int rounds, @Nullable Peers peers, Consumer<String> told) {
        this.folder = folder;
        this.rounds = rounds;
        this.peers = peers;
        this.told = told;
    }

    public int rounds() {
        return rounds;
    }

    public Optional<Peers> peers() {
        return Optional.ofNullable(peers);
    }

    /** The folder of a random checkpoint of this shape. */
    public Path checkpoint(ModelShape shape) {
        told.accept("making or finding the random checkpoint " + shape.name());
        return RandomCheckpoint.make(folder, shape);
    }

    /** The model of this shape, open until this run ends or {@link #release}. */
    public LanguageModel model(ModelShape shape) {
        return open.computeIfAbsent(shape.name(), name -> LanguageModel.open(checkpoint(shape)));
    }

    /** Closes a model that is no longer needed. */
    public void release(ModelShape shape) {
        LanguageModel model = open.remove(shape.name());
        if (model != null) model.close();
    }

    /** Runs the product's own sweep over these shot counts. */
    public static ShotSweep.Result sweep(LanguageModel model, ShotSweep sweep, Iterable<Integer> shots) {
        var counts = new java.util.ArrayList<Integer>();
        shots.forEach(counts::add);
        return sweep.run(model.manager(), model.decoder(), counts, "icl", Progress.none());
    }

    @Override
    public void close() {
        open.values().forEach(LanguageModel::close);
        open.clear();
    }
}
