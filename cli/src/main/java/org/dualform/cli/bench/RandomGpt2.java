package org.dualform.cli.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.part.Activation;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Weights;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/**
 * A model of GPT-2's shape (124 M parameters) with random weights, made on the spot: speed does not depend on the values.
 * Linear weights are stored (in, out), as in GPT-2's files. Owns its memory until it is closed.
 */
public final class RandomGpt2 implements AutoCloseable {
    private static final int LAYERS = 12;
    private static final int WIDTH = 768;
    private static final int HEADS = 12;
    private static final int VOCABULARY = 50_257;
    private static final int POSITIONS = 1024;
    private static final int END_OF_TEXT = VOCABULARY - 1;
    private static final int SEED = 20_231_219;

    private final NDManager manager = LanguageModel.newManager();
    private final Random random = new Random(SEED);
    private final Decoder decoder;

    public RandomGpt2() {
        Engine.getEngine("PyTorch").setRandomSeed(SEED);
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(layer());
        }
        NDArray tokens = normal(0.12, VOCABULARY, WIDTH);
        var weights = new Weights(
                tokens, new Positions(normal(0.05, POSITIONS, WIDTH), true), layers, scale(), new Linear(tokens, null));
        var sizes =
                new Architecture.Sizes(VOCABULARY, WIDTH, LAYERS, HEADS, HEADS, WIDTH / HEADS, 4 * WIDTH, POSITIONS);
        var architecture = Architecture.plain(
                "gpt2",
                sizes,
                new Norm.Layer(1e-5f),
                null,
                Activation.GELU_TANH,
                new Architecture.Scaling(true, false),
                Architecture.Biases.all(true),
                true);
        decoder = new Decoder(architecture, weights);
    }

    Decoder decoder() {
        return decoder;
    }

    NDManager manager() {
        return manager;
    }

    /**
     * A task of two one-token labels with random tokens: demonstrations of {@code shortest} to {@code longest} tokens in one
     * context, and queries of 21 to 29.
     */
    PromptSet prompts(int demonstrations, int shortest, int longest, int queries) {
        TokenIds context = TokenIds.of(END_OF_TEXT);
        List<Integer> boundaries = new ArrayList<>(List.of(1));
        List<PromptSet.Demonstration> made = new ArrayList<>();
        for (int i = 0; i < demonstrations; i++) {
            TokenIds ids = ids(shortest + random.nextInt(longest - shortest + 1));
            context = context.then(ids).then(END_OF_TEXT);
            boundaries.add(context.length());
            TokenIds tuning = TokenIds.of(END_OF_TEXT).then(ids);
            made.add(new PromptSet.Demonstration("train:" + i, "", 0, tuning, 1));
        }
        List<PromptSet.Query> rows = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            rows.add(new PromptSet.Query("validation:" + i, "", 0, ids(21 + random.nextInt(9))));
        }
        return new PromptSet(
                new PromptSet.TemplateUse("random", 1, "", false),
                END_OF_TEXT,
                END_OF_TEXT,
                POSITIONS,
                0,
                31,
                List.of(
                        new PromptSet.Label("a", "a", TokenIds.of(100)),
                        new PromptSet.Label("b", "b", TokenIds.of(200))),
                context,
                boundaries,
                List.of(),
                made,
                rows,
                List.of());
    }

    @Override
    public void close() {
        manager.close();
    }

    private TokenIds ids(int count) {
        return TokenIds.of(random.ints(count, 0, END_OF_TEXT).toArray());
    }

    private LayerWeights layer() {
        return new LayerWeights(
                scale(),
                linear(WIDTH, WIDTH),
                linear(WIDTH, WIDTH),
                linear(WIDTH, WIDTH),
                linear(WIDTH, WIDTH),
                null,
                null,
                scale(),
                new FeedForward(null, linear(WIDTH, 4 * WIDTH), linear(4 * WIDTH, WIDTH)));
    }

    private Linear linear(int in, int out) {
        return new Linear(normal(1 / Math.sqrt(in), in, out).transpose(), normal(0.1, out));
    }

    private Norm.Scale scale() {
        return new Norm.Scale(normal(0.2, WIDTH).add(1), normal(0.1, WIDTH));
    }

    private NDArray normal(double deviation, long... shape) {
        return manager.randomNormal(0f, (float) deviation, new Shape(shape), DataType.FLOAT32);
    }
}
