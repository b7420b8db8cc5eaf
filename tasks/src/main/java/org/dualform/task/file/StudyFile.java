package org.dualform.task.file;

/** The files that {@code summarise} writes: the results of a study. */
public enum StudyFile {
    /** Every row and summary: {@code contract/schema/results.schema.json}. */
    RESULTS("results", "results.json"),
    /** Every method's prediction for every evaluated row, with one line for each row and shot count. */
    EXAMPLES("examples", "examples.jsonl"),
    /** Similarities by layer: {@code contract/schema/layers.schema.json}. It exists only if something was recorded. */
    LAYERS("layers", "layers.json"),
    /** The report, with figures and tables. */
    REPORT("report", "report.html"),
    /** The figure of accuracy over shots. It exists only if there is something to draw. */
    CURVES("curves", "curves.png"),
    /** The figure of how alike the two methods are. It exists only if there is something to draw. */
    ALIKE("alike", "alike.png");

    private final String output;
    private final String fileName;

    StudyFile(String output, String fileName) {
        this.output = output;
        this.fileName = fileName;
    }

    /** Its name among the task's outputs. */
    public String output() {
        return output;
    }

    /** Its name in a folder, and among a run's artifacts. */
    public String fileName() {
        return fileName;
    }
}
