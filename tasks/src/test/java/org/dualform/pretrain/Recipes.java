package org.dualform.pretrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.dualform.pretrain.recipe.Recipe;

/** Recipes for tests: the built-in model's, made smaller. */
public final class Recipes {
    private Recipes() {}

    public static Path builtInFile() {
        return Path.of(System.getProperty("dualform.root", ".."), "models", "mini", "recipe.yaml");
    }

    public static Recipe builtIn() {
        try {
            return Recipe.read(builtInFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two thin layers and short documents. */
    public static Recipe small(int steps, long seed) {
        Recipe recipe = builtIn();
        Recipe.Shape shape = new Recipe.Shape(32, 2, 2, 48, 256, 10_000, 1e-5);
        return new Recipe(
                "small",
                seed,
                steps,
                shape,
                List.of(new Recipe.Phase(0.5, 24, 4), new Recipe.Phase(1, 32, 4)),
                recipe.optimizer(),
                recipe.auxiliary(),
                recipe.corpus(),
                new Recipe.Evaluation(1000, 2, 1),
                1000,
                null,
                null);
    }
}
