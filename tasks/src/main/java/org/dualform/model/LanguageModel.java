package org.dualform.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufParts;
import org.dualform.model.checkpoint.StoredWeight;
import org.dualform.model.checkpoint.WeightFiles;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Weights;

/**
 * A model folder in Hugging Face layout, or a GGUF file, opened: owns the weights until it is closed.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open(folder);
 *         NDManager call = model.manager().newSubManager();
 *         NoGrad off = new NoGrad()) {
 *     NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
 *     NDArray logits = model.decoder().logits(call, hidden.get(":, -1"));       // (1, V)
 * }
 * }</pre>
 */
public final class LanguageModel implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    private final WeightFiles checkpoint;
    private final Set<String> taken;
    private final ModelConfig config;
    private final NDManager manager;
    private final Decoder decoder;

    private LanguageModel(
            WeightFiles checkpoint, Set<String> taken, ModelConfig config, NDManager manager, Decoder decoder) {
        this.checkpoint = checkpoint;
        this.taken = taken;
        this.config = config;
        this.manager = manager;
        this.decoder = decoder;
    }

    /**
     * Opens a model in single precision on the CPU. 32-bit weights are mapped from the file; 16-bit weights are
     * widened.
     */
    public static LanguageModel open(Path folder) {
        return open(folder, DataType.FLOAT32);
    }

    /** Opens a model on the CPU, in the given precision. */
    public static LanguageModel open(Path folder, DataType type) {
        return open(folder, type, ComputeDevice.CPU);
    }

    /**
     * Opens a folder with config.json and safetensors files, or a GGUF file. What is stored in fewer bits is widened now,
     * a tensor at a time.
     *
     * @param folder the folder or file
     * @param type FLOAT32, or FLOAT64 to check arithmetic
     * @param device where the weights are kept, and everything that is computed from them
     * @throws UserException naming everything that is wrong with the folder
     */
    public static LanguageModel open(Path folder, DataType type, ComputeDevice device) {
        if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
            throw new IllegalArgumentException("computing in " + type + " is not supported");
        }
        if (!Files.isDirectory(folder) && !GgufParts.isFile(folder)) {
            throw UserException.data("There is no model " + folder + ".");
        }
        ModelConfig config = ModelConfig.read(folder);
        Architecture architecture = Families.architecture(config);
        WeightFiles checkpoint = WeightFiles.open(folder);
        NDManager manager = newManager(device);
        try {
            StoredWeights source = new StoredWeights(checkpoint, manager, type);
            Weights weights = Families.of(config).weights(architecture, source);
            source.finish(Families.of(config), architecture);
            return new LanguageModel(checkpoint, source.taken(), config, manager, new Decoder(architecture, weights));
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Opens a model with random weights in place of the folder's. They are the same in every process: normally
     * distributed with the configuration's {@code initializer_range}, biases 0, norms 1.
     *
     * @param keepEmbeddings whether embeddings, head and norms stay the folder's
     */
    public static LanguageModel openUntrained(Path folder, boolean keepEmbeddings, ComputeDevice device) {
        LanguageModel trained = open(folder, DataType.FLOAT32, device);
        var random = new RandomWeights(trained.manager, trained.config.initializerRange(), keepEmbeddings);
        try {
            Decoder decoder = trained.decoder(trained.weights().map(random));
            return new LanguageModel(trained.checkpoint, trained.taken, trained.config, trained.manager, decoder);
        } catch (RuntimeException | Error e) {
            trained.close();
            throw e;
        }
    }

    /**
     * Reads every weight once and throws a {@link UserException} that names the tensors with NaN or infinite numbers.
     * Call it before the first forward pass. Opening a model does not check this, since it maps the weights without
     * reading them.
     */
    public void requireFinite() {
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        for (String name : new TreeSet<>(taken)) {
            StoredWeight place = Objects.requireNonNull(checkpoint.places().get(name));
            place.firstNonFinite()
                    .ifPresent(i ->
                            mistakes.add("In " + place.file() + " the tensor " + name + " has a number that is NaN or"
                                    + " infinite (element " + i
                                    + "): the model would give no numbers. Download it again, or take"
                                    + " an earlier checkpoint."));
        }
        mistakes.throwIfAny();
    }

    /** A new memory manager on the CPU. The caller closes it. */
    public static NDManager newManager() {
        return newManager(ComputeDevice.CPU);
    }

    /**
     * A new manager of the PyTorch engine, named because other engines may be on the class path, and of the given
     * device, because the engine would take the first it finds.
     */
    private static NDManager newManager(ComputeDevice device) {
        return NDManager.newBaseManager(device.device(), ENGINE);
    }

    public Architecture architecture() {
        return decoder.architecture();
    }

    /** The decoder with the stored weights. They are read-only: never change them in place. */
    public Decoder decoder() {
        return decoder;
    }

    public Weights weights() {
        return decoder.weights();
    }

    /** The decoder with other weights, such as those after fine-tuning. */
    public Decoder decoder(Weights other) {
        return new Decoder(decoder.architecture(), other);
    }

    /** The parent of the managers of calls. It is freed with the model. */
    public NDManager manager() {
        return manager;
    }

    public ModelConfig config() {
        return config;
    }

    /** The files that the weights come from. */
    public WeightFiles checkpoint() {
        return checkpoint;
    }

    @Override
    public void close() {
        manager.close();
    }
}
