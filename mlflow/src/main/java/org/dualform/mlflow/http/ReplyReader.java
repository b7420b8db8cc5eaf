package org.dualform.mlflow.http;

import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Decides what a last response means: a success, a refusal for good, or a failure by what can be done about it. */
final class ReplyReader {
    private final MlflowServer server;

    ReplyReader(MlflowServer server) {
        this.server = server;
    }

    /**
     * Reads the response of a call that is not tried again.
     *
     * @throws ServerErrorException if the server has an error of its own
     * @throws TransientException if it is too busy
     * @throws UserException on 401, 403, or a redirect
     */
    <T> HttpCall.Outcome<T> read(HttpCall call, Response response, HttpCall.Reader<T> reader) throws IOException {
        int status = response.code();
        if (response.isSuccessful()) {
            T value = reader.read(response);
            return new HttpCall.Outcome<>(
                    MlflowReply.of(call.name(), status, value instanceof String s ? s : ""), value);
        }
        if (status >= 300 && status < 400) {
            throw redirect(response.header("Location"));
        }
        String body = Bodies.beginning(response.body());
        if (status == 401) {
            throw UserException.config("MLflow at " + server.base() + " wants a sign-in (401"
                    + (server.authorization() == null ? "" : ", and refuses the one it got")
                    + "). Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
        }
        if (status == 407) {
            throw UserException.config("The proxy on the way to MLflow at " + server.base() + " wants a sign-in (407). "
                    + "Write the proxy as http://USER:PASSWORD@HOST:PORT, or name the server in NO_PROXY.");
        }
        if (status == 403) {
            throw UserException.config("MLflow at " + server.base() + " forbids " + call.name() + " (403: "
                    + MlflowReply.firstLine(body) + "). If it does not know the host name, start it with "
                    + "--allowed-hosts; else check the rights of the account.");
        }
        MlflowReply reply = MlflowReply.of(call.name(), status, body);
        if (MlflowHttp.MAY_PASS.contains(status)) {
            String message = "MLflow at " + server.base() + " answers " + status + " to " + call.name() + ": "
                    + MlflowReply.firstLine(reply.text());
            throw status >= 500 ? new ServerErrorException(message) : new TransientException(message, null);
        }
        return new HttpCall.Outcome<>(reply, null);
    }

    private UserException redirect(@Nullable String location) {
        return UserException.config("MLflow's address " + server.base() + " redirects to " + host(location)
                + ". Redirects are not followed, because the token would go with them. Set MLFLOW_TRACKING_URI to the "
                + "server's own address.");
    }

    /** Without the path: it may hold a secret. */
    private String host(@Nullable String location) {
        HttpUrl base = HttpUrl.get(server.base().toString());
        HttpUrl target = location == null ? null : base.resolve(location);
        return target == null ? "nowhere" : target.scheme() + "://" + target.host() + ":" + target.port();
    }
}
