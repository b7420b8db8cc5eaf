package org.dualform.task.run;

import java.util.Optional;
import org.dualform.contract.Result;

/** Of tasks that write to no run: a link to their study's summary. */
record LinkTracking(StudyTracking study) implements TaskTracking {
    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        return study.summaryLink();
    }
}
