package org.dualform.hub.cache;

import org.dualform.contract.Progress;

/** Progress over several files, in MiB, or in KiB where little is fetched. */
final class Meter {
    private static final long MEGABYTE = 1L << 20;
    private static final long SMALL = 10 * MEGABYTE;

    private final Progress progress;
    private final String what;
    private final long total;
    private final long unit;
    private long before;
    private long current;

    /** @param total bytes; what is not known counts as nothing */
    Meter(Progress progress, String name, long total) {
        this.progress = progress;
        this.unit = total < SMALL ? 1L << 10 : MEGABYTE;
        this.what = "Fetching " + name + (unit == MEGABYTE ? " (MiB)" : " (KiB)");
        this.total = total;
    }

    /** So many bytes of the current file are there. */
    void at(long bytes) {
        current = bytes;
        tell();
    }

    /** The current file, of so many bytes, is whole. */
    void done(long bytes) {
        before += bytes;
        current = 0;
        tell();
    }

    /** Says where it is; throws if it was asked to stop. */
    void tell() {
        long rounded = (total + unit - 1) / unit;
        progress.at(what, before >= total ? rounded : Math.min(rounded, (before + current) / unit), rounded);
    }
}
