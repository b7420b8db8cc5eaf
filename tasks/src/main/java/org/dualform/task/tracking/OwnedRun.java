package org.dualform.task.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Result;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Tags;
import org.dualform.score.metric.MetricName;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskTracking;
import org.jspecify.annotations.Nullable;

/** Tracks a run that the task owns. If the task fails or is killed, the run ends with that status. */
abstract class OwnedRun implements TaskTracking {
    private final StudyTracking study;
    private volatile @Nullable TrackedRun run;

    OwnedRun(StudyTracking study) {
        this.study = study;
    }

    final StudyTracking study() {
        return study;
    }

    final Optional<Result.Run> open(TrackedRun opened) {
        run = opened;
        return study.link(opened);
    }

    final Optional<TrackedRun> run() {
        return Optional.ofNullable(run);
    }

    /**
     * Writes metrics. Those that a clock measures differ at every computation, and would make a new run each time. A
     * run that has them therefore keeps them as long as its other metrics are the same.
     */
    static void say(TrackedRun said, List<MetricPoint> points) {
        said.metrics(
                points.stream().filter(point -> !clocked(point)).toList(),
                points.stream().filter(OwnedRun::clocked).toList());
    }

    private static boolean clocked(MetricPoint point) {
        String name = CurveRole.plain(point.key().substring(point.key().lastIndexOf('/') + 1));
        return MetricName.find(name).filter(MetricName::isClocked).isPresent();
    }

    @Override
    public void failed(String message) {
        run().filter(this::isOurs).ifPresent(open -> {
            open.tags(Map.of(Tags.MESSAGE, message));
            open.end(RunStatus.FAILED);
        });
    }

    @Override
    public void killed() {
        run().filter(this::isOurs).ifPresent(open -> open.endAtOnce(RunStatus.KILLED));
    }

    /** A run that the next try has taken over ends as that one says. */
    private boolean isOurs(TrackedRun open) {
        return open.id().map(study::isOurs).orElse(true);
    }

    @Override
    public void close() {
        run().ifPresent(TrackedRun::close);
    }
}
