package org.dualform.pretrain.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.dualform.pretrain.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {
    @TempDir
    Path folder;

    @Test
    void everyMistakeIsToldAtOnce() throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(
                file,
                Files.readString(Recipes.builtInFile())
                        .replaceFirst("(?m)^steps:.*", "steps: 0")
                        .replaceFirst("heads: 4", "heads: 3")
                        .replaceFirst("clip_norm: 1.0", "clip_norm: 0"));
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("steps is 0")
                .hasMessageContaining("model.heads 3")
                .hasMessageContaining("optimizer.clip_norm");
    }

    @Test
    void noSizeIsTooLarge() throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(
                file,
                Files.readString(Recipes.builtInFile())
                        .replaceFirst("(?m)^steps:.*", "steps: 10000001")
                        .replaceFirst("hidden_size: 128", "hidden_size: 16384")
                        .replaceFirst("layers: 3", "layers: 1001")
                        .replaceFirst("feed_forward: 256", "feed_forward: 16385")
                        .replaceFirst("max_positions: 1024", "max_positions: 131073")
                        .replaceFirst("rows: 24", "rows: 65537")
                        .replaceFirst("tasks: 48", "tasks: 10001"));
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("steps is 10000001, must be from 1 to 10000000")
                .hasMessageContaining("model.layers is 1001, must be from 1 to 1000")
                .hasMessageContaining("model.feed_forward is 16385, must be from 1 to 16384")
                .hasMessageContaining("model.max_positions is 131073, must be from 2 to 131072")
                .hasMessageContaining("phases.rows is 65537, must be from 1 to 65536")
                .hasMessageContaining("evaluation.tasks is 10001, must be from 1 to 10000")
                .hasMessageContaining("weights, must be at most 1000000000 in all");
    }

    @Test
    void anUnknownKeyIsNamed() throws IOException {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, Files.readString(Recipes.builtInFile()) + "\nwarmth: 3\n");
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("warmth");
    }

    @Test
    void documentsAndTokensAddUp() {
        Recipe recipe = Recipes.small(10, 1);
        assertThat(recipe.documentsBefore(10)).isEqualTo(40);
        assertThat(recipe.tokensBefore(10)).isEqualTo(5 * 4 * 23 + 5 * 4 * 31);
    }

    @Test
    void theRateWarmsUpStaysAndFallsToZero() {
        Recipe recipe = Recipes.builtIn();
        Schedule schedule = new Schedule(recipe);
        double top = recipe.optimizer().learningRate();
        assertThat(schedule.learningRate(0)).isCloseTo(top / recipe.optimizer().warmupSteps(), within(1e-12));
        assertThat(schedule.learningRate(recipe.steps() / 2)).isEqualTo(top);
        assertThat(schedule.learningRate(recipe.steps() - 1)).isBetween(0.0, top / 100);
        assertThat(schedule.auxiliaryWeight(0)).isEqualTo(recipe.auxiliary().weight());
        assertThat(schedule.auxiliaryWeight(recipe.steps() - 1)).isZero();
    }
}
