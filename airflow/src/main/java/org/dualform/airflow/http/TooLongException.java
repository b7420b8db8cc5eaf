package org.dualform.airflow.http;

import java.io.IOException;

/** The server sends more than any answer of Airflow has. */
final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(long most) {
        super("the answer has more than " + (most >> 20) + " MiB");
    }
}
