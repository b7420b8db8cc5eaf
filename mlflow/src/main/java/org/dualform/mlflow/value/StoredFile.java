package org.dualform.mlflow.value;

/**
 * A file among the artifacts of a run.
 *
 * @param path below the run's artifact folder
 * @param sha256 lower-case hex of what was sent or received
 */
public record StoredFile(String path, String sha256, long bytes) {}
