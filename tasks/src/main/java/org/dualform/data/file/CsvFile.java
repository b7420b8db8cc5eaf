package org.dualform.data.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Comma- or tab-separated values with a header line. The column {@code label} holds the label; every other column is a
 * field.
 */
public final class CsvFile {
    private static final Pattern INTEGER = Pattern.compile("\\d{1,9}");

    private CsvFile() {}

    /**
     * Reads the rows that are well-formed. Mistakes in the others are added to {@code mistakes}, with file and line.
     */
    public static List<RawRow> read(String file, byte[] content, List<String> mistakes) {
        List<TextLines.DecodedLine> lines = TextLines.of(content);
        for (int i = 0; i < lines.size(); i++)
            if (!lines.get(i).valid()) mistakes.add(file + ":" + (i + 1) + ": not UTF-8; save the file as UTF-8.");
        if (!mistakes.isEmpty()) return List.of();
        String text = new String(content, StandardCharsets.UTF_8).replaceFirst("^\\uFEFF", "");
        List<RawRow> rows = new ArrayList<>();
        CSVFormat format = (file.endsWith(".tsv") ? CSVFormat.TDF : CSVFormat.RFC4180)
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(false)
                .get();
        try (CSVParser parser = CSVParser.parse(text, format)) {
            if (!parser.getHeaderNames().contains("label")) {
                mistakes.add(file + ":1: the header has no column 'label'; it has "
                        + String.join(", ", parser.getHeaderNames()) + ".");
                return rows;
            }
            long line = 1;
            for (CSVRecord record : parser) {
                // A quoted value may contain line breaks, so a record begins on the line after the end of the previous
                // one.
                add(record, file + ":" + (line + 1), parser.getHeaderNames().size(), rows, mistakes);
                line = parser.getCurrentLineNumber();
            }
        } catch (IllegalArgumentException | UncheckedIOException | IOException e) {
            mistakes.add(file + ": not readable as CSV: " + e.getMessage());
        }
        return rows;
    }

    private static void add(CSVRecord record, String place, int columns, List<RawRow> rows, List<String> mistakes) {
        if (record.size() == 1 && record.get(0).isBlank()) {
            mistakes.add(place + ": an empty line; remove it.");
            return;
        }
        if (record.size() != columns) {
            mistakes.add(place + ": " + record.size() + " values where the header has " + columns + ".");
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>(record.toMap());
        String label = String.valueOf(fields.remove("label")).trim();
        if (label.isEmpty()) mistakes.add(place + ": the field 'label' is missing.");
        else rows.add(new RawRow(fields, label, INTEGER.matcher(label).matches(), place));
    }
}
