package org.dualform.hub;

import java.nio.file.Path;

/**
 * What was fetched, or was in the cache.
 *
 * @param folder to use it from
 * @param origin {@code org/name@commit}, for a data set with its configuration: {@code org/name:config@commit}
 */
public record Fetched(Path folder, String origin) {}
