package org.dualform.task.transport;

import java.util.HashMap;
import java.util.Map;
import org.dualform.mlflow.server.Artifacts;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunView;

/** The artifacts of runs on one server, found by the run's id. The server is asked once where those of a run lie. */
final class SharedArtifacts {
    private final Mlflow mlflow;
    private final Map<String, RunView> runs = new HashMap<>();

    SharedArtifacts(Mlflow mlflow) {
        this.mlflow = mlflow;
    }

    RunView run(String id) {
        RunView known = runs.get(id);
        if (known != null) return known;
        RunView found = mlflow.runs().get(id);
        runs.put(id, found);
        return found;
    }

    Artifacts files() {
        return mlflow.artifacts();
    }

    String server() {
        return mlflow.server().toString();
    }

    /** @throws org.dualform.contract.DualformException if the server is away, is no MLflow, or lets nobody in */
    void check() {
        mlflow.check();
    }
}
