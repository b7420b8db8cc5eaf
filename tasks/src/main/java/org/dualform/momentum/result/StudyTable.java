package org.dualform.momentum.result;

import java.util.List;

/**
 * One table: a row for each model, a column for each context length or shot count.
 *
 * @param columns the context lengths or shot counts
 */
public record StudyTable(Quantity quantity, List<Integer> columns, List<Row> rows) {
    /** What a table shows. */
    public enum Quantity {
        PERPLEXITY("perplexity", "Perplexity by context length (the paper's table 6)", " tokens", 1, "%.2f"),
        ACCURACY("accuracy", "Accuracy of in-context learning by shots (the paper's table 7)", " shots", 100, "%.1f");

        private final String id;
        private final String title;
        private final String unit;
        private final double factor;
        private final String format;

        Quantity(String id, String title, String unit, double factor, String format) {
            this.id = id;
            this.title = title;
            this.unit = unit;
            this.factor = factor;
            this.format = format;
        }

        /** The name in metrics. */
        public String id() {
            return id;
        }

        public String title() {
            return title;
        }

        /** What stands behind a column's number. */
        public String unit() {
            return unit;
        }

        /** By which a value is multiplied where people read it: shares are shown in percent. */
        public double factor() {
            return factor;
        }

        /** The format of a value that was multiplied. */
        public String format() {
            return format;
        }

        /** How to read the table. */
        public String note() {
            return switch (this) {
                case PERPLEXITY -> "Lower is better. Held-out documents, 64 of each length, the same for every model.";
                case ACCURACY ->
                    "In %, the mean over the ten built-in kinds of task, 50 tasks of each, the same for every model.";
            };
        }
    }

    public StudyTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * One model.
     *
     * @param seeds the number of seeds whose training ended
     * @param cells one for each column; empty without seeds
     */
    public record Row(String arm, int seeds, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }
}
