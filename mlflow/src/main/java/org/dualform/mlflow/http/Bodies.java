package org.dualform.mlflow.http;

import java.io.IOException;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.dualform.contract.TransientException;

/** Reads the bodies of replies, and never more of one than memory can hold: a server may send without end. */
final class Bodies {
    /** A page of a thousand runs, with all that is known about them, takes a few megabytes. */
    private static final long MOST = 64L << 20;
    /** Of an error, a line is shown. */
    private static final long MOST_OF_AN_ERROR = 64L << 10;

    private Bodies() {}

    /** @throws TransientException if there are more than 64 MiB; a second try would read as much again */
    static String whole(ResponseBody body) throws IOException {
        BufferedSource source = body.source();
        if (source.request(MOST + 1)) {
            throw new TransientException(
                    "The answer has more than " + (MOST >> 20) + " MiB, which no answer of MLflow has.", null);
        }
        return body.string();
    }

    /** The beginning of an error. */
    static String beginning(ResponseBody body) throws IOException {
        BufferedSource source = body.source();
        source.request(MOST_OF_AN_ERROR);
        return source.getBuffer()
                .readUtf8(Math.min(MOST_OF_AN_ERROR, source.getBuffer().size()));
    }
}
