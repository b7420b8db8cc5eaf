package org.dualform.pretrain.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/** Finds all mistakes of a recipe before a training starts. */
final class RecipeCheck {
    private final List<String> mistakes = new ArrayList<>();

    RecipeCheck(Recipe recipe) {
        Recipe.Shape shape = recipe.model();
        atLeast("steps", recipe.steps(), 1);
        atLeast("model.hidden_size", shape.hiddenSize(), 2);
        atLeast("model.layers", shape.layers(), 1);
        atLeast("model.heads", shape.heads(), 1);
        atLeast("model.feed_forward", shape.feedForward(), 1);
        atLeast("evaluation.every", recipe.evaluation().every(), 1);
        atLeast("evaluation.tasks", recipe.evaluation().tasks(), 1);
        atLeast("checkpoint_every", recipe.checkpointEvery(), 1);
        if (shape.heads() > 0 && shape.hiddenSize() % (2 * shape.heads()) != 0) {
            mistakes.add("model.hidden_size " + shape.hiddenSize() + " is not an even multiple of model.heads "
                    + shape.heads());
        }
        phases(recipe.phases(), shape.maxPositions());
        Recipe.Optimizer optimizer = recipe.optimizer();
        positive("optimizer.learning_rate", optimizer.learningRate());
        positive("optimizer.clip_norm", optimizer.clipNorm());
        positive("optimizer.epsilon", optimizer.epsilon());
        share("optimizer.decay_share", optimizer.decayShare());
        share("optimizer.beta1", optimizer.beta1());
        share("optimizer.beta2", optimizer.beta2());
        positive("auxiliary.until", recipe.auxiliary().until());
    }

    void orThrow(Path file) {
        if (!mistakes.isEmpty()) {
            throw UserException.all(
                    ExitCode.DATA,
                    mistakes.stream().map(mistake -> file + ": " + mistake).toList());
        }
    }

    private void phases(List<Recipe.Phase> phases, int maxPositions) {
        if (phases.isEmpty() || phases.get(phases.size() - 1).until() != 1) {
            mistakes.add("the last of phases must have until: 1");
        }
        double previous = 0;
        for (Recipe.Phase phase : phases) {
            if (phase.until() <= previous) {
                mistakes.add("phases: until " + phase.until() + " does not rise");
            }
            previous = phase.until();
            atLeast("phases.rows", phase.rows(), 1);
            if (phase.length() < 2 || phase.length() > maxPositions) {
                mistakes.add("phases.length " + phase.length() + " is outside 2 … model.max_positions " + maxPositions);
            }
        }
    }

    private void atLeast(String name, int value, int least) {
        if (value < least) {
            mistakes.add(name + " is " + value + ", must be at least " + least);
        }
    }

    private void positive(String name, double value) {
        if (!(value > 0)) {
            mistakes.add(name + " is " + value + ", must be above 0");
        }
    }

    private void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            mistakes.add(name + " is " + value + ", must be in 0 … 1");
        }
    }
}
