package org.dualform.data.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Splits a file into lines before decoding them, so that a byte that is not UTF-8 is reported with its line. */
final class TextLines {
    private TextLines() {}

    /**
     * The lines of a file, without a byte order mark and without the empty line after a final newline. A line ends with
     * LF or CR LF; in a file without any LF, with CR.
     */
    static List<DecodedLine> of(byte[] content) {
        List<DecodedLine> lines = new ArrayList<>();
        char newline = hasLineFeed(content) ? '\n' : '\r';
        int start = startsWithMark(content) ? 3 : 0;
        while (start < content.length) {
            int end = start;
            while (end < content.length && content[end] != newline) end++;
            int stop = end > start && content[end - 1] == '\r' ? end - 1 : end;
            lines.add(decode(content, start, stop - start));
            start = end + 1;
        }
        return lines;
    }

    /** One line. If its bytes are not UTF-8, {@code valid} is false and the text is empty. */
    record DecodedLine(String text, boolean valid) {}

    private static DecodedLine decode(byte[] content, int from, int length) {
        try {
            return new DecodedLine(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(content, from, length))
                            .toString(),
                    true);
        } catch (CharacterCodingException e) {
            return new DecodedLine("", false);
        }
    }

    private static boolean hasLineFeed(byte[] content) {
        for (byte b : content) if (b == '\n') return true;
        return false;
    }

    private static boolean startsWithMark(byte[] content) {
        return content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF;
    }
}
