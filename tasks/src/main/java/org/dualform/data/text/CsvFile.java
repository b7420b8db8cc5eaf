package org.dualform.data.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/**
 * Values that may stand in quotes (RFC 4180), after a header line. A quoted value may hold delimiters and line breaks;
 * a quote mark in it is doubled. Blanks belong to the values.
 */
final class CsvFile {
    private CsvFile() {}

    /** Reads the rows that are well-formed, and remarks on the others with file and line. */
    static List<RawRow> read(String file, String text, char delimiter, Remarks remarks) {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
        long line = 0;
        try (CSVParser parser = CSVParser.parse(text, format)) {
            Iterator<CSVRecord> records = parser.iterator();
            Table table = new Table(file, records.hasNext() ? records.next().toList() : List.of(), remarks);
            if (!table.isRight()) return List.of();
            line = parser.getCurrentLineNumber();
            while (records.hasNext()) {
                // A quoted value may contain line breaks, so a record begins on the line after the end of the previous
                // one.
                table.add(records.next().toList(), file + ":" + (line + 1));
                line = parser.getCurrentLineNumber();
            }
            return table.rows();
        } catch (UncheckedIOException | IOException e) {
            remarks.mistake(file + ":" + (line + 1) + ": the quotes of the row that begins here are not right. A value"
                    + " that begins with a quote mark has to end with one, and a quote mark inside it has to be"
                    + " doubled: \"\"so\"\".");
            return List.of();
        }
    }
}
