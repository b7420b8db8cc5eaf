package org.dualform.hub;

import java.nio.file.Path;

/**
 * A model or data set that was fetched, or that was in the cache already.
 *
 * @param folder the folder to use it from
 * @param origin the model's {@code org/name@commit}, or the data set's {@code org/name:config@commit}
 */
public record Fetched(Path folder, String origin) {}
