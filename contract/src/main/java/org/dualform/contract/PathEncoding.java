package org.dualform.contract;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The encoding in which this process exchanges paths and arguments with the system. Java takes it from the locale. What
 * the encoding lacks is lost before the program sees it: an argument arrives with U+FFFD in its place.
 */
public final class PathEncoding {
    private static final char LOST = '\uFFFD';
    private static final String OWN_VARIABLES = "(DUALFORM|DJL|HF)_.*";

    private final Charset charset;

    /** @param charset as of {@link #ofThisProcess()} */
    public PathEncoding(Charset charset) {
        this.charset = charset;
    }

    public static PathEncoding ofThisProcess() {
        return new PathEncoding(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /**
     * Refuses arguments and folders that this encoding has damaged or cannot name.
     *
     * @param environment environment variables; the values may be secrets and are not printed
     * @throws UserException that names every one
     */
    public void check(Collection<String> arguments, Map<String, String> environment, String workingFolder) {
        List<String> damaged = new ArrayList<>();
        for (String argument : arguments) if (lacks(argument)) damaged.add("the argument '" + argument + "'");
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.matches(OWN_VARIABLES) && lacks(value)) damaged.add("the environment variable " + name);
        });
        if (lacks(workingFolder)) damaged.add("the working folder");
        if (!damaged.isEmpty()) throw UserException.config(rule() + String.join(", ", damaged) + wayOut());
    }

    /** What a path that Java refuses means to a person; empty if the encoding is not the reason. */
    public Optional<UserException> explain(InvalidPathException e) {
        if (!lacks(e.getInput())) return Optional.empty();
        return Optional.of(UserException.config(rule() + "the path '" + e.getInput() + "'" + wayOut()));
    }

    private boolean lacks(String text) {
        return !charset.equals(StandardCharsets.UTF_8)
                && (text.indexOf(LOST) >= 0 || !charset.newEncoder().canEncode(text));
    }

    private String rule() {
        return "The locale's encoding " + charset + " lacks characters of ";
    }

    private static String wayOut() {
        return ". Choose a locale of UTF-8, as by LC_ALL=C.UTF-8 (macOS: en_US.UTF-8), and run the same again.";
    }
}
