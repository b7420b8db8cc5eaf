package org.dualform.data.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/** JSON Lines: one JSON object on each line. */
final class JsonlFile {
    private static final String RULE = "each line has to be one JSON object.";

    private JsonlFile() {}

    /** Reads the rows that are well-formed, and remarks on the others with file and line. */
    static List<RawRow> read(String file, List<TextLines.DecodedLine> lines, Remarks remarks) {
        JsonRows rows = new JsonRows(remarks);
        for (int i = 0; i < lines.size(); i++) {
            String place = file + ":" + (i + 1);
            TextLines.DecodedLine line = lines.get(i);
            if (!line.valid()) remarks.mistake(TextFile.notUtf8(place));
            else if (line.text().isBlank()) remarks.mistake(place + ": an empty line; remove it.");
            else parse(line.text(), place, rows, remarks);
        }
        return rows.rows();
    }

    private static void parse(String line, String place, JsonRows rows, Remarks remarks) {
        try (JsonParser parser = JsonRows.mapper().createParser(line)) {
            JsonNode value = JsonRows.mapper().readTree(parser);
            if (parser.nextToken() == null) rows.add(value, place, RULE);
            else remarks.mistake(place + ": more than one JSON value; " + RULE);
        } catch (MismatchedInputException e) {
            remarks.mistake(JsonRows.twice(place));
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
            remarks.mistake(place + ": not JSON (column " + column + "); " + RULE);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A text in memory cannot fail to be read.
        }
    }
}
