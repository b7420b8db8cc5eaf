package org.dualform.airflow;

import java.net.URI;

/**
 * Where an Airflow is and who asks.
 *
 * @param url the address of its API server, without {@code /api/v2}
 * @param user a user of its simple auth manager
 * @param password that user's password; never printed
 */
public record AirflowLogin(URI url, String user, String password) {

    public AirflowLogin {
        String text = url.toString();
        url = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }

    @Override
    public String toString() {
        return user + "@" + url;
    }
}
