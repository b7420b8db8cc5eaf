package org.dualform.hub.http;

import okhttp3.Response;
import org.dualform.contract.DualformException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;

/**
 * Explains why the hub refused a request, by the headers {@code X-Error-Code} and {@code X-Error-Message}, and says
 * what to do.
 */
final class Refusal {
    private final HubSettings settings;
    private final HubName name;
    private final int status;
    private final String code;
    private final String message;

    Refusal(HubSettings settings, HubName name, Response response) {
        this.settings = settings;
        this.name = name;
        this.status = response.code();
        this.code = response.header("X-Error-Code", "");
        this.message = response.header("X-Error-Message", "");
    }

    DualformException explained() {
        String what = name.kind().word() + " " + name.id();
        if (code.equals("GatedRepo")) return gated(what);
        if (code.equals("RevisionNotFound")) {
            return UserException.data("The " + what + " on " + settings.hub() + " has no revision '" + name.revision()
                    + "'. Name a branch, a tag or a whole commit after the @, or leave it out.");
        }
        if (code.equals("EntryNotFound")) {
            return UserException.data("The " + what + "@" + name.revision() + " on " + settings.hub()
                    + " lacks a file that its list names" + said() + ". Try another revision.");
        }
        if (message.contains("is disabled")) {
            return UserException.data("The " + what + " is disabled on " + settings.hub() + said() + ".");
        }
        if (message.startsWith("Invalid credentials")) return badToken();
        if (code.equals("RepoNotFound") || status == 404 || status == 401) return missing(what);
        if (status == 403) {
            return UserException.config(
                    settings.hub() + " forbids the " + what + said() + ". Check the rights of the token in HF_TOKEN.");
        }
        return new TransientException(settings.hub() + " answers " + status + " for the " + what + said() + ".", null);
    }

    private UserException gated(String what) {
        String page = settings.hub() + "/" + name.kind().pagePrefix() + name.id();
        if (settings.token().isEmpty()) {
            return UserException.config("The " + what + " is gated: sign in and accept its terms at " + page
                    + ", then set HF_TOKEN to a token of that account (" + settings.hub() + "/settings/tokens).");
        }
        return UserException.config("The " + what + " is gated, and the account of the token in use has no access to it"
                + said() + ". Accept the terms at " + page
                + ", and wait for its owners if they approve each request; a fine-grained token must allow gated"
                + " repositories.");
    }

    private UserException badToken() {
        return UserException.config(settings.hub() + " does not know the token (401: " + message
                + "). Set HF_TOKEN to a valid one, or unset it for public repositories.");
    }

    private UserException missing(String what) {
        String seen = settings.token().isEmpty()
                ? "a private one needs HF_TOKEN"
                : "the account of the token in use may not see it, if it is private";
        return UserException.data("There is no " + what + " on " + settings.hub() + " (" + status
                + "): check the spelling; " + seen + ". There is no folder of that name here either.");
    }

    private String said() {
        return message.isEmpty() ? "" : " (" + message.strip() + ")";
    }
}
