package org.dualform.task.progress;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes progress as text for people. */
public final class ProgressLine {
    private ProgressLine() {}

    /** A line such as {@code icl, 4 shots: 12 of 40 (30 %), 8 s left}. */
    public static String sentence(String what, long done, long total, @Nullable Duration eta) {
        String share = total <= 0 ? "" : String.format(Locale.ROOT, " (%d %%)", 100 * done / total);
        String left = eta == null || done >= total ? "" : ", " + time(eta) + " left";
        return what + ": " + done + " of " + total + share + left;
    }

    /** A time such as {@code 8 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
    public static String time(Duration duration) {
        long s = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (s < 60) return s + " s";
        if (s < 3600) return s / 60 + " min " + s % 60 + " s";
        return s / 3600 + " h " + s % 3600 / 60 + " min";
    }
}
