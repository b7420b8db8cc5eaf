package org.dualform.data.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Recognises content that is no UTF-8 text by its first bytes, and says what to do with it. */
enum NotText {
    GZIP("1f8b", "compressed by gzip; give it the ending .gz as well, as in train.csv.gz"),
    ZSTANDARD("28b52ffd", "compressed by Zstandard; decompress it, or compress it with gzip"),
    XZ("fd377a585a00", "compressed by xz; decompress it, or compress it with gzip"),
    BZIP2("425a6839", "compressed by bzip2; decompress it, or compress it with gzip"),
    ZIP("504b0304", "a ZIP archive, as Excel's workbooks are; save the rows as .csv in UTF-8"),
    PARQUET("50415231", "a Parquet file; give it the ending .parquet"),
    UTF_16_LITTLE("fffe", "in UTF-16; save the file as UTF-8"),
    UTF_16_BIG("feff", "in UTF-16; save the file as UTF-8"),
    LFS(
            HexFormat.of().formatHex("version https://git-lfs".getBytes(StandardCharsets.US_ASCII)),
            "a pointer of Git LFS, not the file itself; fetch that with 'git lfs pull'");

    private final String signature;
    private final String words;

    NotText(String signature, String words) {
        this.signature = signature;
        this.words = words;
    }

    /** What the content is instead, and the way out; empty if it may be text. */
    static Optional<String> found(byte[] content) {
        for (NotText kind : values()) {
            byte[] first = Arrays.copyOf(content, kind.signature.length() / 2);
            if (HexFormat.of().formatHex(first).equals(kind.signature)) return Optional.of(kind.words);
        }
        return Optional.empty();
    }
}
