package org.dualform.base;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern NAME = Pattern.compile(
            "(.*)(\\.(?:(jsonl|ndjson|json|csv|tsv)(\\.gz)?|(parquet)))", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** The formats that are read. */
    public enum Format {
        /** One JSON object on each line. */
        JSON_LINES,
        /** JSON objects one after the other, or in an array. */
        JSON,
        /** Comma-separated values. */
        CSV,
        /** Tab-separated values. */
        TSV,
        /** Apache Parquet, which compresses its own pages. */
        PARQUET;

        private static Format of(String ending) {
            return switch (ending.toLowerCase(Locale.ROOT)) {
                case "jsonl", "ndjson" -> JSON_LINES;
                case "json" -> JSON;
                case "csv" -> CSV;
                default -> TSV;
            };
        }
    }

    /** The endings in words, for messages. */
    public static String known() {
        return ".jsonl, .ndjson, .json, .csv, .tsv (each also with .gz) or .parquet";
    }

    /** Reads a name, or the last part of a path; empty if its ending is none of a format that is read. */
    public static Optional<DataFileName> of(String path) {
        Matcher name = NAME.matcher(path.substring(path.lastIndexOf('/') + 1));
        if (!name.matches()) return Optional.empty();
        Format format = name.group(3) == null ? Format.PARQUET : Format.of(name.group(3));
        return Optional.of(new DataFileName(name.group(1), name.group(2), format, name.group(4) != null));
    }
}
