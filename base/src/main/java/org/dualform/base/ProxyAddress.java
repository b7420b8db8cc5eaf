package org.dualform.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy, as a variable such as {@code HTTPS_PROXY} names it. Its text form does not reveal the password.
 *
 * @param host without the brackets of an IPv6 address
 * @param authorization the value of the header {@code Proxy-Authorization}; empty if the variable names no user
 */
public record ProxyAddress(String host, int port, Optional<String> authorization) {
    private static final int DEFAULT_PORT = 80;
    private static final int LAST_PORT = 65_535;

    private static final Pattern FORM = Pattern.compile("(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?"
            + "(?:(?<user>.*)@)?"
            + "(?:\\[(?<literal>[0-9A-Fa-f:.]+)]|(?<host>[^\\s:@/\\[\\]?#]+))"
            + "(?::(?<port>\\d{1,5}))?/?");

    /**
     * Reads the value of a variable: {@code [http://][USER:PASSWORD@]HOST[:PORT]}. Signs that have a meaning in an
     * address are written as {@code %40} and the like in user and password. Without a port, 80 is meant.
     *
     * @throws IllegalArgumentException if it is no such address; the message is a sentence for people
     */
    static ProxyAddress parse(String variable, String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) throw new IllegalArgumentException(advice(variable, value));
        String scheme = form.group("scheme");
        if (scheme != null && !scheme.toLowerCase(Locale.ROOT).equals("http")) {
            throw new IllegalArgumentException(advice(variable, value)
                    + " A proxy is spoken to by http, whatever the address behind it begins with; " + scheme
                    + " is not supported.");
        }
        int port = form.group("port") == null ? DEFAULT_PORT : Integer.parseInt(form.group("port"));
        if (port < 1 || port > LAST_PORT) throw new IllegalArgumentException(advice(variable, value));
        String host = form.group("literal") == null ? form.group("host") : form.group("literal");
        String user = form.group("user");
        return new ProxyAddress(
                host, port, user == null || user.isEmpty() ? Optional.empty() : basic(variable, value, user));
    }

    private static Optional<String> basic(String variable, String value, String user) {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String password = colon < 0 ? "" : user.substring(colon + 1);
        try {
            String pair = decode(name) + ":" + decode(password);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    advice(variable, value) + " A percent sign in the user or the password is written as %25.", e);
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static String advice(String variable, String value) {
        return variable + " has to name a proxy as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (value: "
                + value.replaceFirst("[^/]*@", "…@") + ").";
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
