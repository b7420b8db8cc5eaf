package org.dualform.task.run;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeDevice;
import org.dualform.model.LanguageModel;
import org.dualform.task.file.Parameters;
import org.dualform.task.source.ModelFolders;
import org.dualform.task.store.FileHashes;

/**
 * Opens models for tasks. A process of one task opens and closes; {@link #shared} keeps each model open until the end,
 * for many tasks in one process. Weights never change, so tasks may share them.
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

    /** A model in use; closing it gives it back. */
    public record Lease(LanguageModel model, boolean owned) implements AutoCloseable {
        @Override
        public void close() {
            if (owned) model.close();
        }
    }

    /** Opens the model of a task's parameters, with its threads. */
    public Lease open(Parameters parameters, FileHashes hashes) throws IOException {
        Parameters.Source source = checked(parameters.model(), hashes);
        if (!keep) return new Lease(load(parameters, source), true);
        String key = source.sha256() + " " + parameters.variant().id() + " " + parameters.text(Parameters.DEVICE);
        LanguageModel model = open.get(key);
        if (model == null) {
            model = load(parameters, source);
            open.put(key, model);
        }
        return new Lease(model, false);
    }

    /** The source, if the files still are those that were planned with. */
    public static Parameters.Source checked(Parameters.Source source, FileHashes hashes) throws IOException {
        String sha256 = ModelFolders.sha256(source.path(), hashes);
        if (!sha256.equals(source.sha256())) {
            throw UserException.data(
                    "The model " + source.path() + " changed since the plan was made: its files now have" + " sha256 "
                            + sha256 + ", planned was " + source.sha256() + ". Plan again.");
        }
        return source;
    }

    private static LanguageModel load(Parameters parameters, Parameters.Source source) {
        ComputeDevice device = ComputeDevice.find(parameters.text(Parameters.DEVICE));
        LanguageModel model = switch (parameters.variant()) {
            case TRAINED -> LanguageModel.open(source.path(), DataType.FLOAT32, device);
            case UNTRAINED -> LanguageModel.openUntrained(source.path(), false, device);
            case UNTRAINED_EMBEDDINGS -> LanguageModel.openUntrained(source.path(), true, device);
        };
        try {
            model.requireFinite();
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
        // Results depend on the number of threads in their last bits, so it is the plan's and not the machine's.
        JniUtils.setNumThreads(parameters.integer(Parameters.THREADS));
        return model;
    }

    @Override
    public void close() {
        open.values().forEach(LanguageModel::close);
        open.clear();
    }
}
