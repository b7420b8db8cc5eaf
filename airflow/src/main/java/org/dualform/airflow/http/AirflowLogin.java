package org.dualform.airflow.http;

import java.net.URI;

/**
 * The address of an Airflow server and the user who asks.
 *
 * @param url the address of the API server, without {@code /api/v2}
 * @param user a user of Airflow's simple auth manager
 * @param password the user's password; it is never printed
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
