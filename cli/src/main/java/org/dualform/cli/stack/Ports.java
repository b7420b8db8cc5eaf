package org.dualform.cli.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Chooses loopback ports: the one that the user asks for, or else last time's if it is free, or else any free one. */
public final class Ports {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, String> environment;
    private final Map<String, Integer> last = new LinkedHashMap<>();

    public Ports(Home home) {
        this.file = home.run().resolve("ports.json");
        this.environment = home.environment();
        try {
            if (Files.exists(file)) {
                last.putAll(JSON.readValue(Files.readString(file), new TypeReference<Map<String, Integer>>() {}));
            }
        } catch (IOException e) {
            // An unreadable file only means that another port is chosen.
            last.clear();
        }
    }

    /** The port that a running server was started with, or null. */
    @Nullable Integer recorded(String server) {
        return last.get(server);
    }

    /**
     * Chooses a port for a server that is about to start, and remembers it.
     *
     * @param variable names an environment variable by which the user may ask for a port
     */
    public int choose(String server, String variable) {
        String asked = environment.getOrDefault(variable, "");
        int port = asked.isBlank() ? lastOrFree(server) : asked(asked, variable);
        last.put(server, port);
        try {
            Files.writeString(file, JSON.writeValueAsString(last));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return port;
    }

    private int lastOrFree(String server) {
        Integer known = last.get(server);
        return known != null && isFree(known) ? known : bind(0);
    }

    private static int asked(String text, String variable) {
        int port;
        try {
            port = Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 1 || port > 65535) {
            throw UserException.config(variable + " must be a port from 1 to 65535; it is " + text + ".");
        }
        if (!isFree(port)) {
            throw UserException.config("Port " + port + " (" + variable + ") is taken by another program. Stop that, or"
                    + " set " + variable + " to a free port, or unset it to let Dualform choose one.");
        }
        return port;
    }

    static boolean isFree(int port) {
        try {
            bind(port);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static int bind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
