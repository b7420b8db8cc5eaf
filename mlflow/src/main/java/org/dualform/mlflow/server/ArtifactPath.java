package org.dualform.mlflow.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.UserException;
import org.dualform.mlflow.value.RunView;

/** Where artifacts are: paths below the artifact folder of a run, and that folder behind the server. */
public final class ArtifactPath {
    private static final String PROXY = "api/2.0/mlflow-artifacts/artifacts/";

    /** A folder behind the server. The name of the server may stand before the path; it is this server all the same. */
    private static final Pattern SERVED = Pattern.compile("(?is)mlflow-artifacts:(?://[^/]*)?(/.*)");

    private ArtifactPath() {}

    /** Whether this is a path below an artifact folder: no part is empty, a dot or two dots, or has a backslash. */
    public static boolean valid(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.contains("\\")) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the server passes artifacts of this run on. The run's address is the server's word, and need not be a URI:
     * an administrator may have put spaces and percent signs into it.
     */
    public static boolean served(RunView run) {
        return folder(run).matches();
    }

    /** Why files of a run that is not {@link #served} do not pass, and what to do. */
    public static String notServed(RunView run) {
        return "MLflow keeps the artifacts of this experiment at " + run.artifactUri()
                + ", not behind its server. Start it with --artifacts-destination, and choose an experiment that was made"
                + " after that.";
    }

    private static Matcher folder(RunView run) {
        return SERVED.matcher(run.artifactUri());
    }

    /**
     * The path of a call for this artifact.
     *
     * @throws IllegalArgumentException if the path is not valid
     * @throws UserException if the server does not pass artifacts of this run on
     */
    static String call(RunView run, String path) {
        if (!valid(path)) {
            throw new IllegalArgumentException("Not a path below an artifact folder: '" + path + "'");
        }
        Matcher folder = folder(run);
        if (!folder.matches()) {
            throw UserException.config(notServed(run));
        }
        return PROXY + folder.group(1).replaceAll("^/+|/+$", "") + "/" + path;
    }
}
