package org.dualform.hub.http;

import okhttp3.HttpUrl;

/**
 * A file on the hub.
 *
 * @param path in the repository
 * @param etag the name of its blob: SHA-256 of large files, git's hash of small ones
 * @param size in bytes; −1 where the hub does not tell
 * @param url at its commit
 */
public record RemoteFile(String path, String etag, long size, HttpUrl url) {}
