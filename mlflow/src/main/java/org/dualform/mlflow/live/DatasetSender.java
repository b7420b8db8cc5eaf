package org.dualform.mlflow.live;

import java.util.List;
import org.dualform.contract.PermanentException;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.value.DatasetUse;

/** Sends the data sets that a run used; if the server refuses them together, one by one. */
final class DatasetSender {
    private final MlflowApi api;
    private final CurrentRun run;
    private final Steadily steadily;
    private final Refusals refusals;

    DatasetSender(MlflowApi api, CurrentRun run, Steadily steadily, Refusals refusals) {
        this.steadily = steadily;
        this.api = api;
        this.run = run;
        this.refusals = refusals;
    }

    void send(List<DatasetUse> datasets) {
        if (datasets.isEmpty()) {
            return;
        }
        try {
            run.check(steadily.ask(() -> api.logInputs(
                    run.id(), datasets.stream().map(RunMessages::dataset).toList())));
        } catch (PermanentException e) {
            if (datasets.size() > 1) {
                datasets.forEach(dataset -> send(List.of(dataset)));
            } else {
                refusals.add(new Operation.Datasets(datasets), e);
            }
        }
    }
}
