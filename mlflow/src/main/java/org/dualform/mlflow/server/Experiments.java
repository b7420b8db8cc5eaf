package org.dualform.mlflow.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.rest.MlflowApi;
import org.mlflow.api.proto.Service;

/** Experiments by name. */
public final class Experiments {
    private final MlflowApi api;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    Experiments(MlflowApi api) {
        this.api = api;
    }

    /**
     * The id of the experiment, which is made if there is none. All of several callers at once get the same id.
     *
     * @throws UserException if it has been deleted
     */
    public String findOrCreate(String name) {
        Optional<String> found = find(name);
        if (found.isEmpty()) {
            api.createExperiment(name);
            found = find(name);
        }
        return found.orElseThrow(() -> new TransientException(
                "MLflow does not find the experiment '" + name + "' that it has just been given.", null));
    }

    /** @throws UserException if it has been deleted */
    public Optional<String> find(String name) {
        String id = known.get(name);
        if (id != null) {
            return Optional.of(id);
        }
        Optional<Service.Experiment> found = api.experiment(name);
        if (found.isPresent() && found.get().getLifecycleStage().equals("deleted")) {
            throw UserException.config("The MLflow experiment '" + name + "' has been deleted. Restore it with 'mlflow "
                    + "experiments restore --experiment-id " + found.get().getExperimentId()
                    + "', or choose another name.");
        }
        found.ifPresent(experiment -> known.put(name, experiment.getExperimentId()));
        return found.map(Service.Experiment::getExperimentId);
    }
}
