package org.dualform.data.text;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/** JSON: an array of objects, or objects one after the other, on one line or several. */
final class JsonFile {
    private static final String RULE = "the file has to be an array of objects, or one object after the other.";

    private JsonFile() {}

    /** Reads the rows that are well-formed, and remarks on the others with file and line. */
    static List<RawRow> read(String file, String text, Remarks remarks) {
        JsonRows rows = new JsonRows(remarks);
        String place = file;
        try (JsonParser parser = JsonRows.mapper().createParser(text)) {
            boolean inArray = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                place = file + ":" + parser.currentTokenLocation().getLineNr();
                if (token == JsonToken.START_ARRAY && !inArray) inArray = true;
                else if (token == JsonToken.END_ARRAY) inArray = false;
                else {
                    JsonNode value = JsonRows.mapper().readTree(parser);
                    rows.add(value, place, RULE);
                }
            }
        } catch (MismatchedInputException e) {
            remarks.mistake(JsonRows.twice(place));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            remarks.mistake(
                    at == null
                            ? place + ": not JSON; " + RULE
                            : file + ":" + at.getLineNr() + ": not JSON (column " + at.getColumnNr() + "); " + RULE);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A text in memory cannot fail to be read.
        }
        return rows.rows();
    }
}
