package org.dualform.base;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a file of rows. Its ending tells the format, in small or capital letters; a text may be compressed by
 * gzip, which a second ending tells: {@code train.JSONL}, {@code train.csv.gz}.
 *
 * @param stem the name without the endings
 * @param endings the endings as they are written, with their dots
 * @param format what the first ending stands for
 * @param gzip whether the file is compressed
 */
public record DataFileName(String stem, String endings, Format format, boolean gzip) {
    private static final String GZIP = ".gz";

    /** The formats that are read. */
    public enum Format {
        /** One JSON object on each line. */
        JSON_LINES(".jsonl", ".ndjson"),
        /** JSON objects one after the other, or in an array. */
        JSON(".json"),
        /** Comma-separated values. */
        CSV(".csv"),
        /** Tab-separated values. */
        TSV(".tsv"),
        /** Apache Parquet, which compresses its own pages. */
        PARQUET(".parquet");

        private final List<String> endings;

        Format(String... endings) {
            this.endings = List.of(endings);
        }
    }

    /** The endings in words, for messages. */
    public static String known() {
        return ".jsonl, .ndjson, .json, .csv, .tsv (each also with .gz) or .parquet";
    }

    /** Reads a name, or the last part of a path; empty if its ending is none of a format that is read. */
    public static Optional<DataFileName> of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String small = name.toLowerCase(Locale.ROOT);
        boolean gzip = small.endsWith(GZIP);
        String inner = gzip ? small.substring(0, small.length() - GZIP.length()) : small;
        for (Format format : Format.values()) {
            if (gzip && format == Format.PARQUET) continue;
            for (String ending : format.endings) {
                int stem = inner.length() - ending.length();
                if (stem >= 0 && inner.endsWith(ending))
                    return Optional.of(new DataFileName(name.substring(0, stem), name.substring(stem), format, gzip));
            }
        }
        return Optional.empty();
    }
}
