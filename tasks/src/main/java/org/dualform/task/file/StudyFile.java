package org.dualform.task.file;

/** The files that {@code summarise} writes: what a study comes to. */
public enum StudyFile {
    /** Every row and summary: {@code contract/schema/results.schema.json}. */
    RESULTS("results", "results.json"),
    /** Every method's prediction for every evaluated row, a line for each row and shot count. */
    EXAMPLES("examples", "examples.jsonl"),
    /** Similarities by layer: {@code contract/schema/layers.schema.json}. Only where something was recorded. */
    LAYERS("layers", "layers.json"),
    /** The report, with figures and tables. */
    REPORT("report", "report.html"),
    /** Figure of accuracy over shots. Only where there is something to draw. */
    CURVES("curves", "curves.png"),
    /** Figure of how alike the two methods are. Only where there is something to draw. */
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
