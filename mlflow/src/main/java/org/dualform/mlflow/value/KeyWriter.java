package org.dualform.mlflow.value;

/** Writes a text as a key of any length, by the rules of {@link KeyCodec}. */
final class KeyWriter {
    private final String text;
    private final StringBuilder key = new StringBuilder();

    private KeyWriter(String text) {
        this.text = text;
    }

    static String write(String text) {
        KeyWriter writer = new KeyWriter(text);
        for (int i = 0; i < text.length(); i++) {
            writer.write(i);
        }
        return writer.key.toString();
    }

    /** Whether MLflow would refuse this key for one of its parts: an empty one, one of dots, or dots at the start. */
    static boolean hasBadPart(String key) {
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.chars().allMatch(c -> c == '.')) {
                return true;
            }
        }
        return key.startsWith("..");
    }

    private void write(int i) {
        char c = text.charAt(i);
        if (c == ':') {
            key.append("::");
        } else if (c == '=' && i + 1 < text.length() && isWord(text.charAt(i + 1))) {
            key.append(':');
        } else if (isWord(c) || c == ' ' || (c == '.' && !misread(i)) || (c == '/' && !leavesEmptyPart(i))) {
            key.append(c);
        } else {
            key.append(String.format(":.%04x", (int) c));
        }
    }

    private static boolean isWord(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private boolean partStarts() {
        return key.isEmpty() || key.charAt(key.length() - 1) == '/';
    }

    private boolean leavesEmptyPart(int i) {
        return partStarts() || i == text.length() - 1;
    }

    /** Whether this dot starts a part of dots alone, or a key that starts with two dots. */
    private boolean misread(int i) {
        if (!partStarts()) {
            return false;
        }
        int end = i;
        while (end < text.length() && text.charAt(end) == '.') {
            end++;
        }
        return end == text.length() || text.charAt(end) == '/' || (key.isEmpty() && end > i + 1);
    }
}
