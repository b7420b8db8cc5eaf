package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.dualform.base.Sha256;

/** Keys that MLflow accepts: up to 250 of letters, digits and {@code _-. :/}, and a path without empty or dot parts. */
public final class Names {
    static final int MAX = 250;
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_\\-. :/]{1," + MAX + "}");
    private static final int HASH = 8;

    private Names() {}

    public static boolean valid(String key) {
        return ALLOWED.matcher(key).matches() && plainPath(key);
    }

    /**
     * A key that MLflow accepts: {@code key} itself where it is one, else its nearest spelling with a few digits of its
     * hash, so that two different keys stay different.
     */
    public static String clean(String key) {
        if (valid(key)) {
            return key;
        }
        List<String> parts = new ArrayList<>();
        for (String part : key.replaceAll("[^A-Za-z0-9_\\-. :/]", "_").split("/", -1)) {
            if (!part.isEmpty() && !part.matches("\\.+")) {
                parts.add(part);
            }
        }
        String path = String.join("/", parts);
        String head = path.substring(0, Math.min(path.length(), MAX - HASH - 1)).replaceAll("/+$", "");
        return head + "-" + sha256(key).substring(0, HASH);
    }

    static void require(String what, String key) {
        if (!valid(key)) {
            throw new IllegalArgumentException("MLflow takes no " + what + " named '" + key
                    + "': up to 250 of letters, digits and _-. :/ are allowed, with no empty or dot part.");
        }
    }

    static String sha256(String text) {
        return Sha256.hex(text);
    }

    private static boolean plainPath(String key) {
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }
}
