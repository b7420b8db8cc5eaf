package org.dualform.hub.http;

import java.util.List;

/**
 * A repository at one commit.
 *
 * @param files the paths of all its files; if it comes from the cache, of those that are there
 * @param cached whether it is known from the cache alone
 */
public record Repository(HubName name, String commit, List<String> files, boolean cached) {
    public Repository {
        files = List.copyOf(files);
    }

    public boolean has(String file) {
        return files.contains(file);
    }
}
