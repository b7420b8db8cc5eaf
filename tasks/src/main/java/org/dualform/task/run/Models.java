package org.dualform.task.run;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeDevice;
import org.dualform.model.ComputeThreads;
import org.dualform.model.LanguageModel;
import org.dualform.task.parameters.ModelUse;
import org.dualform.task.parameters.Source;
import org.dualform.task.source.ModelFolders;
import org.dualform.task.store.FileHashes;
import org.dualform.task.store.WorkerName;

/**
 * Opens models for tasks. In a process of one task ({@link #ofOneTask}) a model is closed with its lease. If many tasks
 * run in one process ({@link #shared}), each model stays open until the end. If they run one after the other in the
 * memory that one task was planned with ({@link #oneAtATime}), a model stays open until another is asked for. Weights
 * never change, so tasks may share them.
 */
public final class Models implements AutoCloseable {
    /** How long a model stays open. */
    private enum Keep {
        LEASE,
        UNTIL_NEXT,
        ALWAYS
    }

    private final Keep keep;
    private final Map<String, LanguageModel> open = new HashMap<>();

    private Models(Keep keep) {
        this.keep = keep;
    }

    /** Closes a model as soon as its task is done with it. */
    public static Models ofOneTask() {
        return new Models(Keep.LEASE);
    }

    /** Keeps models open until {@link #close}. */
    public static Models shared() {
        return new Models(Keep.ALWAYS);
    }

    /** Keeps the latest model open until another is needed, or until {@link #close}. Its tasks run one at a time. */
    public static Models oneAtATime() {
        return new Models(Keep.UNTIL_NEXT);
    }

    /** A model in use. Closing the lease gives the model back. */
    public record Lease(LanguageModel model, boolean owned) implements AutoCloseable {
        @Override
        public void close() {
            if (owned) model.close();
        }
    }

    /** Opens the model that a task uses, and sets the number of threads. */
    public Lease open(ModelUse use, FileHashes hashes) throws IOException {
        Source source = checked(use.model(), hashes);
        if (keep == Keep.LEASE) return new Lease(load(use), true);
        String key = source.sha256() + " " + use.modelVariant().id() + " " + use.device();
        LanguageModel model = open.get(key);
        if (model == null) {
            if (keep == Keep.UNTIL_NEXT) close();
            model = load(use);
            open.put(key, model);
        }
        return new Lease(model, false);
    }

    /** Returns the source after checking that its files are those that the plan was made with. */
    public static Source checked(Source source, FileHashes hashes) throws IOException {
        String sha256 = ModelFolders.sha256(source.path(), hashes);
        if (!sha256.equals(source.sha256())) {
            throw UserException.data("The model " + source.path()
                    + " changed since the plan was made: its files now have sha256 "
                    + sha256 + ", planned was " + source.sha256() + ". Plan again. If only the worker "
                    + WorkerName.get() + " has other files there than the worker that planned, give it the same.");
        }
        return source;
    }

    private static LanguageModel load(ModelUse use) {
        ComputeDevice device = ComputeDevice.find(use.device());
        Path folder = use.model().path();
        LanguageModel model = switch (use.modelVariant()) {
            case TRAINED -> LanguageModel.open(folder, DataType.FLOAT32, device);
            case UNTRAINED -> LanguageModel.openUntrained(folder, false, device);
            case UNTRAINED_EMBEDDINGS -> LanguageModel.openUntrained(folder, true, device);
        };
        try {
            model.requireFinite();
            // The last bits of the results depend on the number of threads, so the plan sets it and not the machine.
            ComputeThreads.set(use.threads());
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
        return model;
    }

    @Override
    public void close() {
        open.values().forEach(LanguageModel::close);
        open.clear();
    }
}
