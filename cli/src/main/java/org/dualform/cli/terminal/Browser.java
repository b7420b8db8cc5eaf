package org.dualform.cli.terminal;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The browser of the person at this machine. */
public final class Browser {
    private static final Set<String> SCHEMES = Set.of("http", "https", "file");

    private Browser() {}

    /**
     * Opens a page without waiting for it.
     *
     * @param environment names the browser ({@code BROWSER}), and tells whether there is a screen
     * @return false where there is none
     */
    public static boolean open(URI address, Map<String, String> environment) {
        if (!SCHEMES.contains(String.valueOf(address.getScheme()))) return false;
        Optional<String> program = program(environment, System.getProperty("os.name", ""));
        if (program.isEmpty()) return false;
        try {
            // Each word is one argument: no shell reads the address.
            new ProcessBuilder(List.of(program.get(), address.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The program that opens pages; empty where there is no screen. */
    static Optional<String> program(Map<String, String> environment, String system) {
        String named = environment.getOrDefault("BROWSER", "");
        if (!named.isBlank()) return Optional.of(named);
        if (system.toLowerCase(Locale.ROOT).startsWith("mac")) return Optional.of("open");
        boolean screen = !environment.getOrDefault("DISPLAY", "").isBlank()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isBlank();
        return screen ? Optional.of("xdg-open") : Optional.empty();
    }
}
