package org.dualform.pretrain.recipe;

import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.model.part.Momentum;

/** Finds all mistakes of a recipe before a training starts. */
final class RecipeCheck {
    private static final int MOST_STEPS = 10_000_000;
    private static final int WIDEST = 16_384;
    private static final int MOST_LAYERS = 1000;
    private static final int MOST_POSITIONS = 131_072;
    private static final int MOST_ROWS = 65_536;
    private static final int MOST_TASKS = 10_000;
    private static final long MOST_PARAMETERS = 1_000_000_000;

    private final List<String> mistakes = new ArrayList<>();

    RecipeCheck(Recipe recipe) {
        Recipe.Shape shape = recipe.model();
        between("steps", recipe.steps(), 1, MOST_STEPS);
        between("model.hidden_size", shape.hiddenSize(), 2, WIDEST);
        between("model.layers", shape.layers(), 1, MOST_LAYERS);
        between("model.heads", shape.heads(), 1, WIDEST);
        between("model.feed_forward", shape.feedForward(), 1, WIDEST);
        data(recipe);
        if (recipe.heldOut() != null) {
            between("held_out.every", recipe.heldOut().every(), 1, MOST_STEPS);
            between("held_out.rows", recipe.heldOut().rows(), 1, MOST_ROWS);
        }
        between("checkpoint_every", recipe.checkpointEvery(), 1, MOST_STEPS);
        if (shape.heads() > 0 && shape.hiddenSize() % (2 * shape.heads()) != 0) {
            mistakes.add("model.hidden_size " + shape.hiddenSize() + " is not an even multiple of model.heads "
                    + shape.heads());
        }
        between("model.max_positions", shape.maxPositions(), 2, MOST_POSITIONS);
        parameters(shape);
        phases(recipe.phases(), shape.maxPositions());
        Recipe.Optimizer optimizer = recipe.optimizer();
        positive("optimizer.learning_rate", optimizer.learningRate());
        positive("optimizer.clip_norm", optimizer.clipNorm());
        positive("optimizer.epsilon", optimizer.epsilon());
        share("optimizer.decay_share", optimizer.decayShare());
        share("optimizer.beta1", optimizer.beta1());
        share("optimizer.beta2", optimizer.beta2());
        between("optimizer.accumulation", optimizer.batches(), 1, MOST_ROWS);
        if (recipe.auxiliary() != null)
            positive("auxiliary.until", recipe.auxiliary().until());
        if (shape.momentum() != null) momentum(shape.momentum());
    }

    void orThrow(String where) {
        if (!mistakes.isEmpty()) {
            throw UserException.all(
                    ExitCode.DATA,
                    mistakes.stream().map(mistake -> where + ": " + mistake).toList());
        }
    }

    /** A recipe trains either on the generated corpus or on texts. */
    private void data(Recipe recipe) {
        Recipe.Text text = recipe.text();
        if ((recipe.corpus() == null) == (text == null)) {
            mistakes.add("give either corpus (the generated one) or text (a folder of your own), "
                    + (text == null ? "not neither" : "not both"));
        }
        if (recipe.evaluation() != null) {
            between("evaluation.every", recipe.evaluation().every(), 1, MOST_STEPS);
            between("evaluation.tasks", recipe.evaluation().tasks(), 1, MOST_TASKS);
            if (text != null) {
                mistakes.add("evaluation asks for tasks in the words of the generated corpus, and text has others:"
                        + " remove it");
            }
        } else if (recipe.corpus() != null) {
            mistakes.add("evaluation is missing");
        }
        if (text != null && !(text.heldOut() >= 0 && text.heldOut() < 1)) {
            mistakes.add("text.held_out is " + text.heldOut() + ", must be from 0 to below 1");
        }
        if (text != null && text.heldOut() == 0 && recipe.heldOut() != null) {
            mistakes.add("held_out needs a text.held_out above 0: no token is kept for it");
        }
    }

    private void momentum(Recipe.Carried momentum) {
        if (!Momentum.Form.ids().contains(momentum.form())) {
            mistakes.add("model.momentum.form is " + momentum.form() + ", must be one of "
                    + String.join(", ", Momentum.Form.ids()));
        }
        if (!Momentum.allowed(momentum.decay())) {
            mistakes.add("model.momentum.decay is " + momentum.decay() + ", must be " + Momentum.RULE);
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
            between("phases.rows", phase.rows(), 1, MOST_ROWS);
            if (phase.length() < 2 || phase.length() > maxPositions) {
                mistakes.add("phases.length " + phase.length() + " is outside 2 … model.max_positions " + maxPositions);
            }
        }
    }

    /** The number of weights: what decides whether a machine can hold the model and its optimiser's state. */
    private void parameters(Recipe.Shape shape) {
        long width = shape.hiddenSize();
        double parameters = (double) shape.layers() * width * (4 * width + 3L * shape.feedForward());
        if (parameters > MOST_PARAMETERS) {
            mistakes.add("model: its layers have " + String.format("%.0f", parameters) + " weights, must be at most "
                    + MOST_PARAMETERS + " in all: a pretraining is for small models");
        }
    }

    private void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            mistakes.add(name + " is " + value + ", must be from " + least + " to " + most);
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
