package org.dualform.task.select;

import java.io.IOException;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.RateChoice;
import org.dualform.task.file.SelectionFile;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.SelectionNeed;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.source.ModelFacts;

/**
 * Chooses the learning rate of a model on a data set, or passes on a given one. It lets each method choose seed, order
 * and template. It measures both methods at every shot count, on training rows that are never demonstrations.
 */
public final class SelectKind implements TaskKind<SelectParameters> {
    /** The metric that counts the rows answered, over all candidates. */
    public static final String EVALUATIONS = "evaluations";

    @Override
    public String name() {
        return "select";
    }

    @Override
    public int algorithmVersion() {
        return 8;
    }

    @Override
    public Class<SelectParameters> parameters() {
        return SelectParameters.class;
    }

    @Override
    public TaskOutcome run(TaskContext context, SelectParameters parameters) throws IOException {
        SelectionSteps.Taken taken = selection(context, parameters);
        SelectionFile selection = taken.file();
        selection.write(context.folder());
        TaskOutcome outcome = TaskOutcome.done(Map.of(SelectionFile.OUTPUT, SelectionFile.FILE))
                .with(SelectionText.of(selection, parameters.selectOn()))
                .withMetric(EVALUATIONS, (double) taken.evaluations());
        return selection.rate() instanceof RateChoice.Chosen chosen
                ? outcome.withMetric("learning_rate", chosen.selection().learningRate())
                : outcome;
    }

    /** @throws UserException if a choice is needed and no training row is left for it */
    private static SelectionSteps.Taken selection(TaskContext context, SelectParameters parameters) throws IOException {
        SelectionNeed need = SelectionNeed.of(parameters);
        if (!need.model()) return SelectionSteps.withoutModel(parameters);
        try (ModelFacts facts = ModelFacts.read(Models.checked(parameters.use().model(), context.hashes()));
                Models.Lease lease = context.models().open(parameters.use(), context.hashes())) {
            CellPrompts prompts = CellPrompts.read(parameters.inputs());
            return new SelectionSteps(parameters, prompts, facts, lease.model(), context.progress()).take(need);
        }
    }
}
