package org.dualform.task;

import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Result;
import org.dualform.mlflow.RunStatus;
import org.dualform.mlflow.TrackedRun;
import org.jspecify.annotations.Nullable;

/** A run while its task is at work; a failure or a kill ends it, and says so. */
abstract class OwnedRun implements TaskTracking {
    /** Why a run failed, as its task said it. */
    private static final String MESSAGE = "dualform.message";

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

    @Override
    public void failed(String message) {
        run().ifPresent(open -> {
            open.tags(Map.of(MESSAGE, message));
            open.end(RunStatus.FAILED);
        });
    }

    @Override
    public void killed() {
        run().ifPresent(open -> open.endAtOnce(RunStatus.KILLED));
    }

    @Override
    public void close() {
        run().ifPresent(TrackedRun::close);
    }
}
