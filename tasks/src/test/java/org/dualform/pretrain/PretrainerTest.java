package org.dualform.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.pretrain.recipe.Recipe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainerTest {
    @TempDir
    Path folder;

    @Test
    void theSameRecipeGivesTheSameBits() throws IOException {
        byte[] once = weights(Recipes.small(20, 3), folder.resolve("a"));
        assertThat(weights(Recipes.small(20, 3), folder.resolve("b"))).isEqualTo(once);
        assertThat(weights(Recipes.small(20, 4), folder.resolve("c"))).isNotEqualTo(once);
    }

    @Test
    void aStoppedTrainingGoesOnToTheSameBits() throws IOException {
        Recipe recipe = Recipes.small(30, 3);
        byte[] whole = weights(recipe, folder.resolve("whole"));
        Path stopped = folder.resolve("stopped");
        Progress stop = (what, done, total) -> {
            if (done == 13) {
                throw new CancelledException();
            }
        };
        assertThatThrownBy(() -> train(recipe, stopped, stop, new TrainingListener() {}))
                .isInstanceOf(CancelledException.class);
        assertThat(stopped.resolve("model.safetensors")).doesNotExist();
        List<Integer> resumed = new ArrayList<>();
        train(recipe, stopped, Progress.none(), new TrainingListener() {
            @Override
            public void resumed(int step) {
                resumed.add(step);
            }
        });
        assertThat(resumed).containsExactly(13);
        assertThat(Files.readAllBytes(stopped.resolve("model.safetensors"))).isEqualTo(whole);
        assertThat(stopped.resolve("checkpoint.safetensors")).doesNotExist();
    }

    @Test
    void anotherRecipesCheckpointIsRefused() {
        Progress stop = (what, done, total) -> {
            if (done == 3) {
                throw new CancelledException();
            }
        };
        assertThatThrownBy(() -> train(Recipes.small(30, 3), folder, stop, new TrainingListener() {}))
                .isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> weights(Recipes.small(30, 4), folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("another recipe");
    }

    @Test
    void aTrainingHoldsNoMoreArraysAfterManySteps() {
        List<Integer> held = new ArrayList<>();
        try (Pretrainer trainer = new Pretrainer(Recipes.small(40, 3), folder, new TrainingListener() {})) {
            trainer.run((what, done, total) -> held.add(trainer.heldArrays()));
        }
        assertThat(held).hasSize(40);
        assertThat(held.subList(1, 40)).containsOnly(held.get(1));
    }

    /** With the real proportions, made smaller; a training takes well under a minute. */
    @Test
    @Tag("slow")
    void theLossFalls() {
        Recipe small = Recipes.small(600, 5);
        List<Double> losses = new ArrayList<>();
        List<Double> auxiliary = new ArrayList<>();
        train(small, folder, Progress.none(), new TrainingListener() {
            @Override
            public void progress(Progress progress) {
                losses.add(progress.loss());
                auxiliary.add(progress.auxiliary());
            }
        });
        assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) - 1.5);
        assertThat(auxiliary.get(4)).isLessThan(auxiliary.get(0));
    }

    private static byte[] weights(Recipe recipe, Path out) throws IOException {
        train(recipe, out, Progress.none(), new TrainingListener() {});
        return Files.readAllBytes(out.resolve("model.safetensors"));
    }

    private static void train(Recipe recipe, Path out, Progress progress, TrainingListener listener) {
        try (Pretrainer trainer = new Pretrainer(recipe, out, listener)) {
            trainer.run(progress);
        }
    }
}
