package org.dualform.airflow;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoding for parts of an address. */
final class Encoding {
    private Encoding() {}

    /** One segment of a path: a run id holds colons and plus signs. */
    static String path(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
