package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.server.ArtifactPath;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.run.StudyTracking;

/**
 * Deletes what the tasks of a study sent to each other, when the study ends. A complete study needs none of it. Of an
 * incomplete one, everything stays that a resumed study reads: all files of the cells that are not complete, and of the
 * others the scores, beside plan, selections and prompts. What takes the most space, updates and records of complete
 * cells, goes in any case.
 */
final class TransportClearing {
    private static final String FOLDER = "transport";
    private static final String CURVE = "curve";

    private final StudyTracking study;
    private final List<String> failures = new ArrayList<>();

    TransportClearing(StudyTracking study) {
        this.study = study;
    }

    /**
     * Deletes.
     *
     * @param runs every run of the study, before those that are open are ended
     * @param complete whether every cell was measured
     * @return what a person should know: what could not be deleted; empty if all is well
     */
    Optional<String> clear(List<RunView> runs, boolean complete) {
        boolean all = complete && runs.stream().allMatch(this::isDone);
        Set<String> kept = cellsToResume(runs);
        for (RunView run : runs) {
            boolean curveOfCompleteCell =
                    run.tag(Tags.KIND).filter(CURVE::equals).isPresent() && !kept.contains(cell(run));
            if ((all || curveOfCompleteCell) && ArtifactPath.served(run)) clear(run);
        }
        if (failures.isEmpty()) return Optional.empty();
        return Optional.of("What tasks sent to each other could not be deleted from " + failures.size() + " of "
                + runs.size() + " runs (" + failures.get(0) + "). It takes space on the MLflow server and does no other"
                + " harm; clear the task finish to try again.");
    }

    private void clear(RunView run) {
        Mlflow mlflow = study.tracker().mlflow();
        try {
            mlflow.artifacts().clear(run, FOLDER);
        } catch (DualformException e) {
            failures.add(run.name() + ": " + e.getMessage());
        }
    }

    /** The cells of which a run failed, was killed, or is open. */
    private Set<String> cellsToResume(List<RunView> runs) {
        Set<String> cells = new HashSet<>();
        for (RunView run : runs) if (!isDone(run)) cells.add(cell(run));
        return cells;
    }

    /** The run of the task that asks is open still. A run that was replaced counts no more. */
    private boolean isDone(RunView run) {
        boolean summary =
                run.tag(Tags.KIND).filter(StudyTracking.SUMMARY::equals).isPresent();
        return summary || run.superseded() || run.status() == RunStatus.FINISHED;
    }

    private static String cell(RunView run) {
        return run.params().getOrDefault("cell", "");
    }
}
