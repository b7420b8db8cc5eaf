package org.dualform.data.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/**
 * Tab-separated values, one row a line, after a header line. Plain TSV knows no quotes: a quote mark is part of the
 * text, and so are blanks. Some programs write quotes as in CSV all the same. Where a file shows that it is one of
 * theirs, it is read so, with a note.
 */
final class TsvFile {
    private TsvFile() {}

    /** Reads the rows that are well-formed, and remarks on the others with file and line. */
    static List<RawRow> read(String file, List<String> lines, Remarks remarks) {
        List<List<String>> all = lines.stream().map(TsvFile::values).toList();
        TsvQuotes quotes = TsvQuotes.of(all);
        if (quotes.areMarks()) {
            remarks.note(file + ": " + quotes.evidence() + ", so quotes were read as in CSV and are no part of the"
                    + " texts; plain TSV has none.");
            return CsvFile.read(file, String.join("\n", lines), '\t', remarks);
        }
        Table table = new Table(file, all.isEmpty() ? List.of() : all.get(0), remarks);
        if (!table.isRight()) return List.of();
        for (int i = 1; i < all.size(); i++) {
            String place = file + ":" + (i + 1);
            if (all.get(i).size() != all.get(0).size() && quotes.isCut(all.get(i)))
                remarks.mistake(place + ": a value begins with a quote mark and does not end on this line. Plain TSV"
                        + " has no quotes, so a value cannot hold a tab or a line break; save the file as .csv.");
            else table.add(all.get(i), place);
        }
        Optional<Integer> kept = quotes.firstWhole();
        kept.ifPresent(line -> remarks.note(file + ":" + line + ": a value stands in quotes, which were kept as part of"
                + " the text, as plain TSV has it. (" + quotes.whole() + " values of the file do; if they are marks of"
                + " a program, save the file as .csv.)"));
        return table.rows();
    }

    private static List<String> values(String line) {
        return Arrays.asList(line.split("\t", -1));
    }
}
