package org.dualform.cli.python;

import java.util.List;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The Python interpreter that the environments are made from.
 *
 * @param command its path or name
 * @param version as {@code 3.11.7}
 */
public record Python(String command, String version) {
    private static final String PROBE = "import sys, platform; print(platform.python_version(), sys.executable);"
            + "sys.exit(0 if sys.version_info >= (3, 10) else 3)";

    /** Finds {@code DUALFORM_PYTHON}, or else {@code python3} on the path. It must be 3.10 or newer. */
    public static Python find(Home home) {
        @Nullable String named = home.environment().get("DUALFORM_PYTHON");
        String command = named == null || named.isBlank() ? "python3" : named;
        @Nullable String answer = Shell.output(List.of(command, "-c", PROBE));
        if (answer == null) {
            @Nullable String version = Shell.output(List.of(command, "--version"));
            throw UserException.config(
                    version == null
                            ? "Python 3.10 or newer is needed for the servers, and " + command
                                    + " cannot be started. Install it (Debian, Ubuntu: apt-get install python3"
                                    + " python3-venv), or name one by DUALFORM_PYTHON."
                            : "Python 3.10 or newer is needed for the servers; " + command + " is " + version.trim()
                                    + ". Name a newer one by DUALFORM_PYTHON.");
        }
        String[] words = answer.trim().split(" ", 2);
        if (Shell.output(List.of(command, "-c", "import venv, ensurepip")) == null) {
            throw UserException.config(command + " (" + words[0] + ") has no module venv or ensurepip. Install it"
                    + " (Debian, Ubuntu: apt-get install python3-venv), or name another Python by DUALFORM_PYTHON.");
        }
        return new Python(words[1], words[0]);
    }
}
