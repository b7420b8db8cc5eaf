package org.dualform.task.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.dualform.contract.Result;
import org.dualform.score.metric.Absence;
import org.dualform.score.result.CellId;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.ScoreParameters;

/** Makes the rows of a cell that was never scored. They describe the cell as the plan does, and give the reason. */
final class MissingCell {
    private MissingCell() {}

    /** One row for each requested shot count. */
    static List<ResultRow> rows(Result.Item item, String reason) {
        ScoreParameters cell = ParameterReader.read(ScoreParameters.class, item.parameters());
        CellId id = new CellId(
                cell.model().name(),
                cell.dataset().name(),
                cell.seed(),
                cell.order(),
                cell.arm(),
                cell.template().name());
        OptionalDouble rate = cell.learningRate().given();
        List<ResultRow> rows = new ArrayList<>();
        for (int shots : cell.shots()) {
            rows.add(new ResultRow(
                    item.id(),
                    id,
                    FittedShots.unknown(shots),
                    rate.isPresent() ? rate.getAsDouble() : null,
                    cell.recordPosition().id(),
                    RowStatus.MISSING,
                    List.of(new Absence.Failed(reason)),
                    Map.of()));
        }
        return rows;
    }
}
