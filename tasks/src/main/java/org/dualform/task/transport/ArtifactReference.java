package org.dualform.task.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.Reference;
import org.dualform.contract.UserException;

/**
 * The place of a task's output among the artifacts of a run: {@code mlflow-artifacts:/RUN/transport/KIND/KEY/FILE}. It
 * names no server, because there is only the configured one. No part of it can lead out of the run's folder.
 *
 * @param runId the id of the run on the server
 * @param kind the kind of the task that made it
 * @param key the content key of the task
 * @param file the name of the file
 */
record ArtifactReference(String runId, String kind, String key, String file) {
    /** The folder of a run that holds what tasks pass to each other. */
    static final String ROOT = "transport";

    private static final Pattern PLACE = Pattern.compile(Reference.ARTIFACTS + "/([0-9A-Za-z_-]{1,64})/" + ROOT
            + "/([a-z]{1,32})/([0-9a-f]{64})/(?!\\.)([0-9A-Za-z._-]{1,128})");

    /**
     * Reads a reference.
     *
     * @param name the name of the input, for messages
     * @throws UserException if it is of another form
     */
    static ArtifactReference parse(String name, Reference reference) {
        Matcher place = PLACE.matcher(reference.uri());
        if (!place.matches())
            throw UserException.data(
                    "Input " + name + " is " + reference.uri() + ", but a file on the tracking server is"
                            + " named " + Reference.ARTIFACTS + "/RUN/" + ROOT
                            + "/KIND/KEY/FILE, with no other server, folder or"
                            + " dots.");
        return new ArtifactReference(place.group(1), place.group(2), place.group(3), place.group(4));
    }

    String uri() {
        return Reference.ARTIFACTS + "/" + runId + "/" + path();
    }

    /** The path below the run's artifact folder. */
    String path() {
        return folder() + "/" + file;
    }

    /** The folder of all files of the task. */
    String folder() {
        return ROOT + "/" + kind + "/" + key;
    }

    /** Another file of the same task. */
    ArtifactReference beside(String other) {
        return new ArtifactReference(runId, kind, key, other);
    }
}
