package org.dualform.task.cell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetReader;
import org.dualform.data.DemonstrationLabels;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;
import org.dualform.prompt.PromptAssembler;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Template;
import org.dualform.prompt.Wording;
import org.dualform.spec.arm.Arm;
import org.dualform.task.file.RowFile;
import org.dualform.task.parameters.PromptInputs;
import org.dualform.task.parameters.Source;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.store.WorkerName;

/**
 * Makes a cell's token sequences from its parameters: it chooses the rows and assembles the prompts. The data set and
 * the file of rows are read once.
 */
public final class CellPrompts {
    private final PromptInputs inputs;
    private final Dataset dataset;
    private final Optional<RowFile> named;

    private CellPrompts(PromptInputs inputs, Dataset dataset, Optional<RowFile> named) {
        this.inputs = inputs;
        this.dataset = dataset;
        this.named = named;
    }

    /**
     * Reads the data set, and the file of rows if there is one.
     *
     * @throws UserException if one of them is unreadable, or the data set changed since the plan was made
     */
    public static CellPrompts read(PromptInputs inputs) {
        Source source = inputs.dataset();
        Path path = source.path();
        Dataset dataset = DatasetReader.read(path, inputs.split(), Optional.empty());
        if (!dataset.sha256().equals(source.sha256())) {
            throw UserException.data("The data set " + path
                    + " changed since the plan was made: its files now have sha256 "
                    + dataset.sha256() + ", planned was " + source.sha256() + ". Plan again. If only the worker "
                    + WorkerName.get() + " has other files there than the worker that planned, give it the same.");
        }
        return of(inputs, dataset);
    }

    /** Makes it for a data set that has been read already. */
    public static CellPrompts of(PromptInputs inputs, Dataset dataset) {
        return new CellPrompts(
                inputs, dataset, Optional.ofNullable(inputs.rows()).map(RowFile::read));
    }

    /** The same rows with another template. */
    public CellPrompts with(Template template) {
        return new CellPrompts(inputs.with(template), dataset, named);
    }

    public Dataset dataset() {
        return dataset;
    }

    /** The rows that are demonstrations under a seed, at most {@code largest}. */
    public List<LabelledRow> demonstrations(int seed, int largest) {
        return named.flatMap(file -> file.demonstrations(dataset, seed))
                .map(rows -> rows.subList(0, Math.min(largest, rows.size())))
                .orElseGet(() -> Dataset.pick(
                        dataset.train(),
                        RowChoice.demonstrations(seed, dataset.train().size(), largest)));
    }

    /** The rows that are evaluated. */
    public List<LabelledRow> evaluated() {
        return named.flatMap(file -> file.evaluation(dataset))
                .map(rows -> rows.subList(0, Math.min(inputs.limit(), rows.size())))
                .orElseGet(() -> Dataset.pick(
                        dataset.evaluation(),
                        RowChoice.evaluated(
                                inputs.firstRows(), dataset.evaluation().size(), inputs.limit())));
    }

    /**
     * The prompts of one draw of demonstrations, for the rows that are evaluated.
     *
     * @param model whose tokenizer, chat template and positions count
     */
    public PromptSet assemble(int seed, int order, ModelFacts model) {
        return assemble(seed, order, evaluated(), model);
    }

    /** The same prompts for {@code queries} instead of the evaluated rows. */
    public PromptSet assemble(int seed, int order, List<LabelledRow> queries, ModelFacts model) {
        Template template = inputs.template();
        Wording wording = model.wording(template, dataset.labels(), inputs.description());
        return new PromptAssembler(wording, template, dataset.labels(), inputs.description())
                .assemble(
                        demonstrations(seed, inputs.largest()),
                        shownLabels(inputs.labels()),
                        order,
                        queries,
                        inputs.shots(),
                        model.positions(),
                        inputs.reserveTokens());
    }

    /** @throws UserException if there is no other label to flip to */
    private ToIntFunction<LabelledRow> shownLabels(Arm.Labels labels) {
        int count = dataset.labels().size();
        if (labels.random()) return row -> DemonstrationLabels.random(row, count);
        if (labels.flip().isEmpty()) return LabelledRow::label;
        if (count < 2)
            throw UserException.data(
                    "arms: the labels of " + dataset.name() + " cannot be flipped: there is only one.");
        double share = labels.flip().getAsDouble();
        return row -> DemonstrationLabels.flipped(row, share, count);
    }
}
