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
 * run in one process ({@link #shared}), each model stays open until the end. Weights never change, so tasks may share
 * them.
 */
public final class Models implements AutoCloseable {
    private final boolean keep;
    private final Map<String, LanguageModel> open = new HashMap<>();

    private Models(boolean keep) {
        this.keep = keep;
    }

    /** Closes a model as soon as its task is done with it. */
    public static Models ofOneTask() {
        return new Models(false);
    }

    /** Keeps models open until {@link #close}. */
    public static Models shared() {
        return new Models(true);
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
        if (!keep) return new Lease(load(use), true);
        String key = source.sha256() + " " + use.modelVariant().id() + " " + use.device();
        LanguageModel model = open.get(key);
        if (model == null) {
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
