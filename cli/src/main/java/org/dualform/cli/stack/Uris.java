package org.dualform.cli.stack;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.dualform.contract.PermanentException;

/** Paths as the servers' settings take them: as URIs, in which {@code ? # %} and others mean something else. */
final class Uris {
    private Uris() {}

    /** A database file as SQLAlchemy names it. It decodes the path again. */
    static String sqlite(Path database) {
        return "sqlite:///" + encoded(database);
    }

    /** A folder as a URI of scheme {@code file}. */
    static String file(Path folder) {
        return "file://" + encoded(folder);
    }

    private static String encoded(Path path) {
        try {
            return new URI("file", "", path.toAbsolutePath().normalize().toString(), null)
                    .toASCIIString()
                    .substring("file://".length())
                    .replace("$", "%24"); // Airflow expands variables in every setting
        } catch (URISyntaxException e) {
            throw new PermanentException(
                    "The path " + path + " cannot be written as a URI: " + e.getMessage() + ".", e);
        }
    }
}
