package org.dualform.spec;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.dualform.base.DataFileName;
import org.dualform.base.Sha256;

/** Short names of models or data sets: the last part of the path, with a hash where two would be equal. */
final class ShortNames {
    private static final int LONGEST = 48;
    private final Map<String, String> names = new HashMap<>();

    ShortNames(Collection<String> references) {
        Map<String, Integer> uses = new HashMap<>();
        // Case-insensitive file systems would merge the files of A and a.
        for (String reference : references) uses.merge(lastPart(reference).toLowerCase(Locale.ROOT), 1, Integer::sum);
        for (String reference : references) {
            String name = lastPart(reference);
            boolean shared = uses.getOrDefault(name.toLowerCase(Locale.ROOT), 0) > 1;
            names.put(reference, shared ? name + "-" + hash(reference) : name);
        }
    }

    String of(String reference) {
        return Objects.requireNonNull(names.get(reference), () -> "not of this study: " + reference);
    }

    /** Letters, digits, {@code . _ -}; everything else becomes a hyphen. */
    static String safe(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST);
    }

    /** The same as {@link #safe}, except that long texts that begin alike get different names. */
    static String distinct(String text) {
        String safe = safe(text);
        return safe.length() < LONGEST ? safe : safe.substring(0, LONGEST - 7) + "-" + hash(text);
    }

    static String lastPart(String reference) {
        // A revision on a hub (org/name@refs/pr/1) is no part of the path.
        String path = reference
                .replaceFirst("^([\\w.-]+/[\\w.-]+(:[\\w.+-]+)?)@.*", "$1")
                .replaceAll("/+$", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        String safe = safe(DataFileName.of(last).map(DataFileName::stem).orElse(last));
        return safe.isEmpty() ? "unnamed-" + hash(reference) : safe;
    }

    private static String hash(String text) {
        return Sha256.hex(text).substring(0, 6);
    }
}
