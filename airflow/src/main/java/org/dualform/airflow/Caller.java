package org.dualform.airflow;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.dualform.airflow.api.AirflowApi;
import org.dualform.airflow.api.ApiClient;
import org.dualform.airflow.api.ApiException;
import org.dualform.airflow.api.model.LoginBody;
import org.dualform.airflow.api.model.LoginResponse;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Makes calls of the generated API with a token, and turns what goes wrong into Dualform's error types. */
final class Caller {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** The API server answers in milliseconds; on a machine that computes, in seconds. */
    private static final Duration READ = Duration.ofSeconds(60);

    /** One call of the generated API. */
    interface Call<T> {
        T send(AirflowApi api) throws ApiException;
    }

    private final AirflowLogin login;
    private final AirflowApi open;
    private final AirflowApi signed;
    private final Token token;
    private final ThreadLocal<@Nullable String> sent = new ThreadLocal<>();

    Caller(AirflowLogin login, Clock clock) {
        this.login = login;
        this.token = new Token(this::fetchToken, clock);
        this.open = new AirflowApi(apiClient());
        ApiClient client = apiClient();
        client.setRequestInterceptor(this::sign);
        this.signed = new AirflowApi(client);
    }

    private ApiClient apiClient() {
        ApiClient client = new ApiClient();
        // HTTP/1.1: the upgrade handshake of HTTP/2 only costs time here.
        client.setHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
        client.updateBaseUri(login.url().toString());
        client.setConnectTimeout(CONNECT);
        client.setReadTimeout(READ);
        return client;
    }

    private void sign(HttpRequest.Builder request) {
        String value = token.get();
        sent.set(value);
        request.header("Authorization", "Bearer " + value);
    }

    private String fetchToken() {
        try {
            LoginResponse reply =
                    open.createToken(new LoginBody().username(login.user()).password(login.password()));
            return reply.getAccessToken();
        } catch (ApiException e) {
            if (e.getCode() == 401) {
                throw UserException.config("Airflow at " + login.url() + " does not accept the user " + login.user()
                        + " with the password given (" + ErrorReply.text(e.getResponseBody())
                        + "). ./dualform status says where the password is.");
            }
            throw translate("log in", e);
        }
    }

    /** Makes a call; {@code what} completes the sentence "Airflow could not …". */
    <T> T call(String what, Call<T> call) {
        try {
            return signedOnceMore(call);
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /** As {@link #call}; empty if what is asked for does not exist (404). */
    <T> Optional<T> find(String what, Call<T> call) {
        try {
            return Optional.of(signedOnceMore(call));
        } catch (ApiException e) {
            if (e.getCode() == 404) {
                return Optional.empty();
            }
            throw translate(what, e);
        }
    }

    /** A call without a token, for what everybody may ask. */
    <T> T callOpen(String what, Call<T> call) {
        try {
            return call.send(open);
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /** A token may have been made void (another secret after a restart); it is renewed once. */
    private <T> T signedOnceMore(Call<T> call) throws ApiException {
        try {
            return call.send(signed);
        } catch (ApiException e) {
            if (e.getCode() != 401 && !(e.getCode() == 403 && isAboutTheToken(e))) {
                throw e;
            }
            token.forget(sent.get());
            return call.send(signed);
        }
    }

    private static boolean isAboutTheToken(ApiException e) {
        String body = e.getResponseBody();
        return body != null && body.contains("Invalid JWT");
    }

    private RuntimeException translate(String what, ApiException e) {
        Throwable cause = e.getCause();
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new TransientException("Interrupted while asking Airflow to " + what + ".", e);
        }
        if (cause instanceof ConnectException) {
            return new TransientException(
                    "Airflow at " + login.url() + " cannot be reached. Start it with ./dualform up; if it should be"
                            + " running, ./dualform status and ./dualform logs tell more.",
                    e);
        }
        if (cause instanceof HttpTimeoutException) {
            return new TransientException(
                    "Airflow at " + login.url() + " did not answer within " + READ.toSeconds() + " s when asked to "
                            + what + ".",
                    e);
        }
        if (e.getCode() == 0) {
            String reason = cause == null ? String.valueOf(e.getMessage()) : String.valueOf(cause.getMessage());
            return new TransientException(
                    "The connection to Airflow at " + login.url() + " broke when asked to " + what + ": " + reason, e);
        }
        return ofStatus(what, e);
    }

    private RuntimeException ofStatus(String what, ApiException e) {
        int code = e.getCode();
        String message = "Airflow could not " + what + ": " + ErrorReply.text(e.getResponseBody());
        return switch (code) {
            case 400, 404, 409, 422 -> UserException.usage(message);
            case 401, 403 -> UserException.config(message + " (HTTP " + code + ", user " + login.user() + ")");
            case 408, 425, 429 -> new TransientException(message + " (HTTP " + code + ")", e);
            default ->
                code >= 500
                        ? new TransientException(message + " (HTTP " + code + ")", e)
                        : new PermanentException(message + " (HTTP " + code + ")", e);
        };
    }
}
