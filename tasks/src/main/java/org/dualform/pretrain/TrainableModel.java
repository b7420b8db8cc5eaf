package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.TokenSource;

/**
 * The decoder that is also used for inference, over new weights that ask for gradients, with the matrices of the
 * auxiliary loss.
 */
final class TrainableModel implements AutoCloseable {
    private final NDManager manager;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final Map<Integer, NDArray> auxiliary = new LinkedHashMap<>();
    private final Decoder decoder;

    TrainableModel(Recipe recipe, TokenSource tokens) {
        this.manager = LanguageModel.newManager();
        Initialisation start =
                new Initialisation(manager, recipe.seed(), recipe.model().layers());
        ModelConfig config = new ModelConfig(new ModelFiles(recipe.model(), tokens).config(), "recipe");
        Architecture architecture = Families.architecture(config);
        TensorSource source = TensorSource.making((name, shape) -> {
            NDArray tensor = start.tensor(name, shape);
            weights.put(name, tensor);
            return tensor;
        });
        this.decoder = new Decoder(architecture, Families.of(config).weights(architecture, source));
        int d = recipe.model().hiddenSize();
        List<Integer> offsets =
                recipe.auxiliary() == null ? List.of() : recipe.auxiliary().offsets();
        for (int offset : offsets) {
            auxiliary.put(offset, start.tensor("auxiliary." + offset, new Shape(d, d)));
        }
        parameters().values().forEach(parameter -> parameter.setRequiresGradient(true));
    }

    NDManager manager() {
        return manager;
    }

    Decoder decoder() {
        return decoder;
    }

    /** The decoder's weights by their Hugging Face names. */
    Map<String, NDArray> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /** The matrices of the auxiliary loss, (d, d), by offset. */
    Map<Integer, NDArray> auxiliary() {
        return Collections.unmodifiableMap(auxiliary);
    }

    /** Floating-point operations of training on one token in a document of {@code length} tokens: 6 for each weight of a
     * product, and attention's. */
    double operations(int length) {
        Architecture.Sizes sizes = decoder.architecture().sizes();
        double weightsOfProducts = weights.values().stream()
                .filter(w -> w.getShape().dimension() > 1)
                .mapToDouble(w -> w.getShape().size())
                .sum();
        return 6 * weightsOfProducts + 12.0 * sizes.layers() * sizes.queryWidth() * length;
    }

    /** All trained arrays by name. */
    Map<String, NDArray> parameters() {
        Map<String, NDArray> all = new LinkedHashMap<>(weights);
        auxiliary.forEach((offset, matrix) -> all.put("auxiliary." + offset, matrix));
        return all;
    }

    @Override
    public void close() {
        manager.close();
    }
}
