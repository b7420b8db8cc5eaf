package org.dualform.hub.cache;

import org.dualform.contract.Progress;

/** Reports the progress of fetching several files: in MiB, or in KiB if they are small. */
final class Meter {
    private static final long MEGABYTE = 1L << 20;
    private static final long SMALL = 10 * MEGABYTE;

    private final Progress progress;
    private final String what;
    private final long total;
    private final long unit;
    private long before;
    private long current;

    /** @param total the number of bytes; files of unknown size count as 0 */
    Meter(Progress progress, String name, long total) {
        this.progress = progress;
        this.unit = total < SMALL ? 1L << 10 : MEGABYTE;
        this.what = "Fetching " + name + (unit == MEGABYTE ? " (MiB)" : " (KiB)");
        this.total = total;
    }

    /** Reports that this many bytes of the current file are there. */
    void at(long bytes) {
        current = bytes;
        tell();
    }

    /** Reports that the current file, of this many bytes, is complete. */
    void done(long bytes) {
        before += bytes;
        current = 0;
        tell();
    }

    /** Reports the progress; throws if the task was asked to stop. */
    void tell() {
        long rounded = (total + unit - 1) / unit;
        progress.at(what, before >= total ? rounded : Math.min(rounded, (before + current) / unit), rounded);
    }
}
