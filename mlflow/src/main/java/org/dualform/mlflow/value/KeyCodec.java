package org.dualform.mlflow.value;

import java.util.regex.Pattern;
import org.dualform.base.Sha256;

/**
 * Turns any text into a key that MLflow accepts for a metric, a param or a tag, and back. MLflow accepts up to
 * {@value #MAX} of the characters {@code A-Z a-z 0-9 _ - . : /} and space, and reads a key as a path: no part of it may
 * be empty or consist of dots.
 *
 * <p>An accepted character stands for itself, except for the escape character, the colon:
 *
 * <ul>
 *   <li>{@code :} becomes {@code ::}.
 *   <li>{@code =} becomes {@code :} if a letter, a digit, {@code _} or {@code -} follows.
 *   <li>Every other character becomes {@code :.} and the four hex digits of each of its UTF-16 units. So do a slash that
 *       would leave an empty part, and the first dot of a part that MLflow would read as a folder above or beside.
 *   <li>The empty text becomes {@code :.} alone.
 * </ul>
 *
 * <p>Example: {@code topics flip=0.5/icl.accuracy} becomes {@code topics flip:0.5/icl.accuracy}.
 *
 * <p>A longer key is cut and ends with {@code -} and {@value #HASH} hex digits of its SHA-256. It cannot be turned back:
 * {@link #decode} returns the key itself, and {@link #encode} maps that key to itself.
 *
 * <p>Neither method ever throws. Different texts have different keys, unless one text is the cut key of the other.
 */
public final class KeyCodec {
    public static final int MAX = 250;
    private static final int HASH = 8;
    private static final String EMPTY = ":.";
    private static final Pattern CUT =
            Pattern.compile("[A-Za-z0-9_\\-. :/]{" + (MAX - HASH - 1) + "}-[0-9a-f]{" + HASH + "}");

    private KeyCodec() {}

    /** The key that stands for this text. */
    public static String encode(String text) {
        if (isCut(text)) {
            return text;
        }
        String key = KeyWriter.write(text);
        if (key.isEmpty()) {
            return EMPTY;
        }
        return key.length() > MAX || isCut(key) ? cut(key) : key;
    }

    /** The text that {@link #encode} turned into this key; the key itself if it did not make the key, or cut it. */
    public static String decode(String key) {
        if (key.equals(EMPTY)) {
            return "";
        }
        String text = isCut(key) ? key : KeyReader.read(key);
        return encode(text).equals(key) ? text : key;
    }

    /** The name under which a value that was logged as {@code text} is read back. */
    public static String readBack(String text) {
        return decode(encode(text));
    }

    private static boolean isCut(String key) {
        return key.length() == MAX && CUT.matcher(key).matches() && !KeyWriter.hasBadPart(key);
    }

    private static String cut(String key) {
        String hash = Sha256.hex(key).substring(0, HASH);
        return key.substring(0, MAX - HASH - 1) + "-" + hash;
    }
}
