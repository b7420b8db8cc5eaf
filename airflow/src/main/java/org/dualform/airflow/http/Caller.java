package org.dualform.airflow.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dualform.airflow.api.AirflowApi;
import org.dualform.airflow.api.ApiClient;
import org.dualform.airflow.api.ApiException;
import org.dualform.airflow.api.model.LoginBody;
import org.dualform.airflow.api.model.LoginResponse;
import org.dualform.base.Backoff;
import org.dualform.base.Wait;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Proxies;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the generated API with a token, repeats what failed where that is safe, and turns failures into Dualform's error
 * types.
 *
 * <p>A read or a setting can be sent twice and has the same effect as once. It is repeated if the server could not be
 * reached, the connection broke, or the server was busy or had an error of its own. It is not repeated if the server took a
 * minute to answer. A call that starts something has another effect each time: it is repeated only where the server
 * certainly did not act on it.
 */
public final class Caller {
    /** For the calls of a person at a terminal: gives up after about two seconds of waiting. */
    public static final Backoff NORMAL = new Backoff(4, Duration.ofMillis(250), Duration.ofSeconds(10));

    /** A server that cannot be reached at all is most likely not running. */
    private static final int UNREACHABLE_ATTEMPTS = 2;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** The API server answers within milliseconds, or within seconds while the machine computes. */
    private static final Duration READ = Duration.ofSeconds(60);

    /** One call of the generated API. */
    public interface Call<T> {
        T send(AirflowApi api) throws ApiException;
    }

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int CONFLICT = 409;

    /** The bytes of an answer: far more than the longest log that Airflow shows. */
    private static final long MOST = 64L << 20;

    private final AirflowLogin login;
    private final Proxies proxies;
    private final AirflowApi open;
    private final AirflowApi signed;
    private final AccessToken token;
    private final Backoff backoff;
    private final ThreadLocal<@Nullable String> sent = new ThreadLocal<>();

    /**
     * @param proxies the proxies through which the server may have to be reached
     * @throws UserException (78) if the variable of the proxy that leads to the server names none
     */
    public Caller(AirflowLogin login, Proxies proxies, Clock clock, Backoff backoff) {
        this.login = login;
        this.proxies = proxies;
        this.backoff = backoff;
        proxies.find(login.url());
        this.token = new AccessToken(this::fetchToken, clock);
        ApiClient plain = apiClient();
        plain.setRequestInterceptor(this::signAtProxy);
        this.open = new AirflowApi(plain);
        ApiClient client = apiClient();
        client.setRequestInterceptor(this::sign);
        this.signed = new AirflowApi(client);
    }

    private ApiClient apiClient() {
        ApiClient client = new ApiClient() {
            @Override
            public HttpClient getHttpClient() {
                return new BoundedClient(super.getHttpClient(), MOST, READ);
            }
        };
        // HTTP/1.1: the upgrade handshake of HTTP/2 only costs time here.
        client.setHttpClientBuilder(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(proxies));
        client.updateBaseUri(login.url().toString());
        client.setConnectTimeout(CONNECT);
        client.setReadTimeout(READ);
        return client;
    }

    private void sign(HttpRequest.Builder request) {
        String value = token.get();
        sent.set(value);
        request.header("Authorization", "Bearer " + value);
        signAtProxy(request);
    }

    private void signAtProxy(HttpRequest.Builder request) {
        proxies.authorization(login.url()).ifPresent(value -> request.header(Proxies.AUTHORIZATION, value));
    }

    private String fetchToken() {
        try {
            LoginBody body = new LoginBody().username(login.user()).password(login.password());
            LoginResponse reply = repeating(true, () -> answered(open.createToken(body)));
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

    /**
     * Makes a call that may be sent twice.
     *
     * @param what completes the sentence "Airflow could not …"
     */
    public <T> T call(String what, Call<T> call) {
        try {
            return repeating(true, () -> signed(call));
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /** Makes a call that has another effect each time it is sent. */
    public <T> T callOnce(String what, Call<T> call) {
        try {
            return repeating(false, () -> signed(call));
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /**
     * Makes a call that creates something under a name of the caller's, so that it has one effect however often it is sent.
     * After a failure that leaves open whether the server acted, the call is sent again, and the answer that the name is
     * taken (409) then means that the first one did act.
     *
     * @param made asks for what was made; empty if what has the name is something else
     */
    public <T> T callAsOne(String what, Call<T> call, Call<Optional<T>> made) {
        AtomicBoolean unsure = new AtomicBoolean();
        try {
            return repeating(true, () -> {
                try {
                    return signed(call);
                } catch (ApiException e) {
                    Optional<T> found = e.getCode() == CONFLICT && unsure.get() ? made.send(signed) : Optional.empty();
                    if (found.isPresent()) return found.get();
                    if (!Backoff.neverSent(cause(e)) && e.getCode() != TOO_MANY_REQUESTS) unsure.set(true);
                    throw e;
                }
            });
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /** Makes a call that may be sent twice; empty if what it asks for does not exist (404). */
    public <T> Optional<T> find(String what, Call<T> call) {
        try {
            return Optional.of(repeating(true, () -> signed(call)));
        } catch (ApiException e) {
            if (e.getCode() == 404) {
                return Optional.empty();
            }
            throw translate(what, e);
        }
    }

    /**
     * Makes a call that the server is to refuse, and tells with which status it did. It tells what a user may do without
     * doing it: Airflow looks at permissions first.
     *
     * @return 0 if the call was not refused
     */
    public int refusal(String what, Call<?> call) {
        try {
            repeating(true, () -> signed(call));
            return 0;
        } catch (ApiException e) {
            if (e.getCode() < 400 || e.getCode() >= 500 || e.getCode() == TOO_MANY_REQUESTS) throw translate(what, e);
            return e.getCode();
        }
    }

    /** Makes a call without a token, once: whoever asks whether the server is there wants to know how it is now. */
    public <T> T callOpen(String what, Call<T> call) {
        try {
            return answered(call.send(open));
        } catch (ApiException e) {
            throw translate(what, e);
        }
    }

    /** One try. */
    private interface Attempt<T> {
        T run() throws ApiException;
    }

    private <T> T repeating(boolean repeatable, Attempt<T> attempt) throws ApiException {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (ApiException e) {
                Duration pause = pause(e, failures, repeatable).orElse(null);
                if (pause == null || !slept(pause)) {
                    throw e;
                }
            }
        }
    }

    /** How long to wait before the next try; empty if there is to be none. */
    private Optional<Duration> pause(ApiException e, int failures, boolean repeatable) {
        if (Backoff.neverSent(cause(e))) {
            return backoff.atMost(UNREACHABLE_ATTEMPTS).after(failures, Duration.ZERO);
        }
        boolean again = e.getCode() == TOO_MANY_REQUESTS || (repeatable && mayPass(e));
        return again ? backoff.after(failures, retryAfter(e)) : Optional.empty();
    }

    /** Whether the same call may succeed a moment later. */
    private static boolean mayPass(ApiException e) {
        if (e.getCode() == 0) {
            Throwable cause = cause(e);
            return cause instanceof IOException
                    && !(cause instanceof HttpTimeoutException)
                    && !(cause instanceof TooLongException)
                    && !(cause instanceof JsonProcessingException);
        }
        return e.getCode() == 408 || e.getCode() == 425 || e.getCode() >= 500;
    }

    private static Duration retryAfter(ApiException e) {
        HttpHeaders headers = e.getResponseHeaders();
        return headers == null
                ? Duration.ZERO
                : Backoff.retryAfter(headers.firstValue("Retry-After").orElse(null));
    }

    /** False if the thread was interrupted meanwhile. */
    private static boolean slept(Duration pause) {
        try {
            Wait.sleep(pause, () -> {});
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends a call with the token. A token that is refused is renewed once: a restarted server may have a new secret. */
    private <T> T signed(Call<T> call) throws ApiException {
        try {
            return answered(call.send(signed));
        } catch (ApiException e) {
            if (e.getCode() != 401 && !(e.getCode() == 403 && isAboutTheToken(e))) {
                throw e;
            }
            token.forget(sent.get());
            return answered(call.send(signed));
        }
    }

    /** The generated API gives null for an answer without a body, which no call here expects. */
    private static <T> T answered(@Nullable T answer) throws ApiException {
        if (answer == null) {
            throw new ApiException(new IOException("the answer is empty"));
        }
        return answer;
    }

    private static boolean isAboutTheToken(ApiException e) {
        String body = e.getResponseBody();
        return body != null && body.contains("Invalid JWT");
    }

    /** Why there is no answer. What ended the reading of a body is wrapped once more by Java's client. */
    private static @Nullable Throwable cause(ApiException e) {
        Throwable cause = e.getCause();
        Throwable inner = cause == null ? null : cause.getCause();
        return inner instanceof TooLongException || inner instanceof HttpTimeoutException ? inner : cause;
    }

    private RuntimeException translate(String what, ApiException e) {
        Throwable cause = cause(e);
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new TransientException("Interrupted while asking Airflow to " + what + ".", e);
        }
        if (cause instanceof ConnectException && proxies.find(login.url()).isPresent()) {
            return new TransientException(
                    "The proxy " + proxies.find(login.url()).get() + " on the way to Airflow at " + login.url()
                            + " cannot be reached. If no proxy is needed, name the host in NO_PROXY.",
                    e);
        }
        if (cause instanceof ConnectException) {
            return new TransientException(
                    "Airflow at " + login.url() + " cannot be reached. If it is the one of ./dualform up, that command"
                            + " starts it, and ./dualform logs tells more. If it is another, look whether its API server"
                            + " runs (it may need a minute to start) and whether the address is right.",
                    e);
        }
        if (cause instanceof HttpTimeoutException) {
            return new TransientException(
                    "Airflow at " + login.url() + " did not answer within " + READ.toSeconds() + " s when asked to "
                            + what + ".",
                    e);
        }
        if (cause instanceof TooLongException) {
            return new TransientException(
                    "Airflow at " + login.url() + " was asked to " + what + ", and " + cause.getMessage() + ".", e);
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
            case 407 ->
                UserException.config(
                        "The proxy on the way to Airflow at " + login.url() + " wants a sign-in (407). Write"
                                + " the proxy as http://USER:PASSWORD@HOST:PORT, or name the host in NO_PROXY.");
            case 408, 425, 429 -> new TransientException(message + " (HTTP " + code + ")", e);
            default ->
                code >= 500
                        ? new TransientException(message + " (HTTP " + code + ")", e)
                        : new PermanentException(message + " (HTTP " + code + ")", e);
        };
    }
}
