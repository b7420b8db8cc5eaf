package org.dualform.task.cell;

import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.Progress;
import org.dualform.infer.RowRecorder;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a method's evaluation.
 *
 * @param chunkRows the number of queries that run at once
 * @param recording what is recorded meanwhile; null if nothing is
 */
record Evaluation(
        LanguageModel model,
        PromptSet prompts,
        int chunkRows,
        @Nullable Recording recording,
        Progress progress) {

    /**
     * What is recorded, and the file it is written to.
     *
     * @param about the cell and method of the records
     */
    record Recording(RecordOptions options, RecordAbout about, Path file) {
        /** Records rows of these prompts. */
        RowRecorder rows(Evaluation evaluation) {
            return options.rows(
                    evaluation.prompts(), evaluation.model().decoder().architecture());
        }

        /** Begins the file. */
        RecordWriter begin(RowRecorder rows, PromptSet prompts, List<Setting> settings) {
            return options.begin(file, about, prompts, rows.shape(), settings);
        }
    }

    /** A sweep over the shot counts in which nothing is recorded. */
    ShotSweep sweep() {
        return new ShotSweep(prompts, chunkRows);
    }

    /** A sweep over the shot counts of {@code swept}, in which rows are recorded. */
    ShotSweep sweep(PromptSet swept, RowRecorder rows) {
        return ShotSweep.recording(swept, rows.token(), chunkRows);
    }
}
