package org.dualform.data.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.dualform.base.DataFileName;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/** Reads rows from a file of text: JSON Lines, JSON, CSV or TSV, plain or compressed by gzip. */
public final class TextFile {
    private TextFile() {}

    /**
     * Reads the rows that are well-formed, and remarks on the others.
     *
     * @param file the path, for messages
     * @param name the file's name, which tells the format
     * @param bytes the file's content
     */
    public static List<RawRow> read(String file, DataFileName name, byte[] bytes, Remarks remarks) {
        Optional<byte[]> plain = name.gzip() ? unpacked(file, bytes, remarks) : Optional.of(bytes);
        if (plain.isEmpty() || !isText(file, plain.get(), remarks)) return List.of();
        List<TextLines.DecodedLine> lines = TextLines.of(plain.get());
        if (name.format() == DataFileName.Format.JSON_LINES) return JsonlFile.read(file, lines, remarks);
        if (!isUtf8(file, lines, remarks)) return List.of();
        List<String> texts = lines.stream().map(TextLines.DecodedLine::text).toList();
        return switch (name.format()) {
            case JSON -> JsonFile.read(file, String.join("\n", texts), remarks);
            case TSV -> TsvFile.read(file, texts, remarks);
            default -> CsvFile.read(file, text(plain.get()), ',', remarks);
        };
    }

    private static Optional<byte[]> unpacked(String file, byte[] bytes, Remarks remarks) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            remarks.mistake(file + ": the ending says gzip, but the content cannot be decompressed (" + e.getMessage()
                    + "); fetch or make the file again.");
            return Optional.empty();
        }
    }

    private static boolean isText(String file, byte[] content, Remarks remarks) {
        Optional<String> other = NotText.found(content);
        if (other.isPresent()) {
            remarks.mistake(file + ": this is " + other.get() + ".");
            return false;
        }
        int line = 1;
        for (byte b : content) {
            if (b == '\n') line++;
            if (b != 0) continue;
            remarks.mistake(file + ":" + line + ": a NUL byte, which no text holds; if the file is in UTF-16, save it"
                    + " as UTF-8, else remove the byte.");
            return false;
        }
        return true;
    }

    private static boolean isUtf8(String file, List<TextLines.DecodedLine> lines, Remarks remarks) {
        boolean right = true;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).valid()) continue;
            remarks.mistake(notUtf8(file + ":" + (i + 1)));
            right = false;
        }
        return right;
    }

    static String notUtf8(String place) {
        return place + ": not UTF-8; save the file as UTF-8.";
    }

    /** The text with its own line breaks, since a quoted value of CSV may hold some. */
    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).replaceFirst("^\\uFEFF", "");
    }
}
