package org.dualform.momentum.result;

import java.util.List;

/**
 * What a study of momentum found.
 *
 * @param sentence what was found, also where that is no effect
 * @param about what was trained
 * @param tables the paper's tables 6 and 7 for this study
 * @param leftOut trainings that diverged, and models that are missing, each in a sentence
 */
public record StudyFindings(String sentence, String about, List<StudyTable> tables, List<String> leftOut) {
    public StudyFindings {
        tables = List.copyOf(tables);
        leftOut = List.copyOf(leftOut);
    }
}
