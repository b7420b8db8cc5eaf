package org.dualform.spec;

import java.util.List;
import org.dualform.spec.choice.BaselineChoice;
import org.dualform.spec.choice.RecordPosition;
import org.dualform.spec.choice.RecordQueries;

/**
 * What is kept of the attention, at the largest shot count, and what similarities are compared with.
 *
 * @param record whether attention outputs and scores are kept
 * @param recordPosition the token at which they are taken
 * @param recordQueries which query vectors are kept
 * @param recordLimit the most evaluated rows that are recorded
 * @param baselines what each similarity is compared with
 */
public record RecordingChoice(
        boolean record,
        RecordPosition recordPosition,
        RecordQueries recordQueries,
        int recordLimit,
        List<BaselineChoice> baselines) {

    public RecordingChoice {
        baselines = List.copyOf(baselines);
    }
}
