package org.dualform.hub.http;

import java.util.Optional;
import java.util.regex.Pattern;
import org.dualform.contract.UserException;

/** An access token for the hub. Its text form does not reveal it. */
final class HubToken {
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    private final String value;

    private HubToken(String value) {
        this.value = value;
    }

    /** Reads a token; empty if the text is blank. */
    static Optional<HubToken> of(String text, String source) {
        String value = text.strip();
        if (value.isEmpty()) return Optional.empty();
        if (!PRINTABLE.matcher(value).matches()) {
            throw UserException.config("The token in " + source
                    + " holds a space or another character that no token has; copy it again. (It is not shown here.)");
        }
        return Optional.of(new HubToken(value));
    }

    String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "(token)";
    }
}
