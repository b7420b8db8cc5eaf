package org.dualform.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Test assets outside the repository; a test without them is skipped and says what is missing. */
public final class Assets {
    private Assets() {}

    /** The asset at {@code path}, as {@code "golden/llama"}. */
    public static Path at(String path) {
        String configured = System.getenv("DUALFORM_TEST_ASSETS");
        Path root = configured != null
                ? Path.of(configured)
                : Path.of(System.getProperty("dualform.root", "."))
                        .toAbsolutePath()
                        .normalize()
                        .resolveSibling("shared");
        Path asset = root.resolve(path);
        assumeTrue(Files.exists(asset), "test asset missing: " + asset + " (set DUALFORM_TEST_ASSETS)");
        return asset;
    }
}
