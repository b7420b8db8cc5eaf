package org.dualform.airflow;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoding for the parts of an address. */
final class Encoding {
    private Encoding() {}

    /** Encodes one segment of a path; run ids contain colons and plus signs. */
    static String path(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
