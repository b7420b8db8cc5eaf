package org.dualform.task.run;

import java.util.Optional;
import org.dualform.contract.Result;

/** The tracking of tasks that own no run: they link to their study's summary. */
record LinkTracking(StudyTracking study) implements TaskTracking {
    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        return study.summaryLink();
    }
}
