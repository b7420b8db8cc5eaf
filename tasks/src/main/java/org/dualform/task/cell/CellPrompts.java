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
import org.dualform.prompt.PieceEncoder;
import org.dualform.prompt.PromptAssembler;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.arm.Arm;
import org.dualform.task.file.Parameters;

/** From a cell's parameters to its token sequences: which rows, then how they are put together. */
public final class CellPrompts {
    private CellPrompts() {}

    /** Reads the data set of the item, and compares its hash with the plan's. */
    public static Dataset dataset(Parameters parameters) {
        Parameters.Source source = parameters.dataset();
        Path path = source.path();
        Dataset dataset = DatasetReader.read(path, parameters.text(Parameters.SPLIT), Optional.empty());
        if (!dataset.sha256().equals(source.sha256())) {
            throw UserException.data(
                    "The data set " + path + " changed since the plan was made: its files now have sha256 "
                            + dataset.sha256() + ", planned was " + source.sha256() + ". Plan again.");
        }
        return dataset;
    }

    /** The prompts of one draw of demonstrations. */
    public static PromptSet assemble(
            Parameters parameters, Dataset dataset, int seed, int order, PieceEncoder encoder, int positions) {
        return assemble(parameters, dataset, seed, order, evaluated(parameters, dataset), encoder, positions);
    }

    /** The rows that are demonstrations under a seed, at most {@code largest}. */
    public static List<LabelledRow> demonstrations(Parameters parameters, Dataset dataset, int seed, int largest) {
        Optional<List<LabelledRow>> named = parameters.rows().flatMap(file -> file.demonstrations(dataset, seed));
        if (named.isPresent())
            return named.get().subList(0, Math.min(largest, named.get().size()));
        return Dataset.pick(
                dataset.train(), RowChoice.demonstrations(seed, dataset.train().size(), largest));
    }

    /** The rows that are evaluated. */
    public static List<LabelledRow> evaluated(Parameters parameters, Dataset dataset) {
        Optional<List<LabelledRow>> named = parameters.rows().flatMap(file -> file.evaluation(dataset));
        if (named.isPresent())
            return named.get()
                    .subList(
                            0,
                            Math.min(
                                    parameters.integer(Parameters.LIMIT),
                                    named.get().size()));
        return Dataset.pick(
                dataset.evaluation(),
                RowChoice.evaluated(
                        parameters.flag(Parameters.FIRST_ROWS),
                        dataset.evaluation().size(),
                        parameters.integer(Parameters.LIMIT)));
    }

    /** As above, for other rows than those evaluated. */
    public static PromptSet assemble(
            Parameters parameters,
            Dataset dataset,
            int seed,
            int order,
            List<LabelledRow> queries,
            PieceEncoder encoder,
            int positions) {
        List<Integer> shots = parameters.integers(Parameters.SHOTS);
        int largest = shots.stream().mapToInt(Integer::intValue).max().orElse(0);
        List<LabelledRow> demonstrations = demonstrations(parameters, dataset, seed, largest);
        return new PromptAssembler(
                        encoder, parameters.template(), dataset.labels(), parameters.flag(Parameters.DESCRIPTION))
                .assemble(
                        demonstrations,
                        shownLabels(parameters.labels(), dataset),
                        order,
                        queries,
                        shots,
                        positions,
                        parameters.integer(Parameters.RESERVE_TOKENS));
    }

    /** @throws UserException if there is no other label to flip to */
    private static ToIntFunction<LabelledRow> shownLabels(Arm.Labels labels, Dataset dataset) {
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
