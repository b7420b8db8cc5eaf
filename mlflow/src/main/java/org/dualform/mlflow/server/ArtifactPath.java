package org.dualform.mlflow.server;

import java.net.URI;
import org.dualform.contract.UserException;
import org.dualform.mlflow.value.RunView;

/** Where artifacts are: paths below the artifact folder of a run, and that folder behind the server. */
public final class ArtifactPath {
    private static final String PROXY = "api/2.0/mlflow-artifacts/artifacts/";

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

    /** Whether the server passes artifacts of this run on. */
    public static boolean served(RunView run) {
        return "mlflow-artifacts".equals(URI.create(run.artifactUri()).getScheme());
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
        if (!served(run)) {
            throw UserException.config("MLflow keeps the artifacts of this experiment at " + run.artifactUri()
                    + ", not behind its server. Start it with --artifacts-destination, and choose an experiment that "
                    + "was made after that.");
        }
        String folder = URI.create(run.artifactUri()).getPath().replaceAll("^/+|/+$", "");
        return PROXY + folder + "/" + path;
    }
}
