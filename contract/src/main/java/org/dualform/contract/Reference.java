package org.dualform.contract;

import java.util.Locale;

/**
 * The place of a file, and the hash of its bytes.
 *
 * @param uri {@code workspace:PATH}, relative to the request's workspace, or {@code mlflow-artifacts:PATH} on the
 *     configured server
 * @param sha256 lower-case hex digest of the file's bytes
 * @param bytes the file's size
 */
public record Reference(String uri, String sha256, long bytes) {
    public static final String WORKSPACE = "workspace:";
    public static final String ARTIFACTS = "mlflow-artifacts:";

    public Reference {
        sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    /** The part after the scheme. */
    public String path() {
        return uri.substring(uri.indexOf(':') + 1);
    }
}
