package org.dualform.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that are reached without a proxy: this machine itself, and those in {@code NO_PROXY}, a list with commas or
 * spaces. An item is a name, which also stands for all names that end in a dot and it ({@code example.com},
 * {@code .example.com}, {@code *.example.com}); an IP address; a range of addresses ({@code 10.0.0.0/8}); or {@code *} for
 * everything. A port behind an item restricts it to that port. Names are not resolved. Items of another form match nothing,
 * as with other programs.
 */
final class DirectHosts {
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<String> items;

    DirectHosts(String noProxy) {
        items = Stream.of(noProxy.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** @param port the port of the address, or what its scheme implies */
    boolean contains(String address, int port) {
        String host = plain(address.toLowerCase(Locale.ROOT));
        return isThisMachine(host) || items.stream().anyMatch(item -> matches(item, host, port));
    }

    private static boolean isThisMachine(String host) {
        byte @Nullable [] bytes = literal(host);
        if (bytes == null) return host.equals("localhost") || host.endsWith(".localhost");
        try {
            return InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean matches(String item, String host, int port) {
        if (item.equals("*")) return true;
        Matcher withPort = WITH_PORT.matcher(item);
        if (withPort.matches()) {
            return Integer.parseInt(withPort.group(2)) == port && matches(withPort.group(1), host, port);
        }
        int slash = item.indexOf('/');
        byte @Nullable [] address = literal(host);
        if (slash >= 0) return address != null && inRange(address, item.substring(0, slash), item.substring(slash + 1));
        byte @Nullable [] named = literal(plain(item));
        if (named != null || address != null) return Arrays.equals(named, address);
        String name = plain(item.replaceFirst("^\\*?\\.", ""));
        return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
    }

    private static boolean inRange(byte[] address, String start, String length) {
        byte @Nullable [] network = literal(plain(start));
        if (network == null || network.length != address.length || !length.matches("\\d{1,3}")) return false;
        int bits = Integer.parseInt(length);
        if (bits > 8 * network.length) return false;
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if (((network[bit / 8] ^ address[bit / 8]) & mask) != 0) return false;
        }
        return true;
    }

    /** Without the brackets of an IPv6 address, and without the dot at the end of a full name. */
    private static String plain(String host) {
        if (host.startsWith("[") && host.endsWith("]")) return host.substring(1, host.length() - 1);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** The bytes of an IP address; null for a name, which is not looked up. */
    private static byte @Nullable [] literal(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) return null;
        try {
            return InetAddress.getByName(host).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
