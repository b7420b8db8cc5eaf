package org.dualform.hub.http;

import okhttp3.HttpUrl;

/**
 * A file on the hub.
 *
 * @param path its path in the repository
 * @param etag the name of its blob: the SHA-256 of large files, git's hash of small ones
 * @param size its size in bytes; −1 if the hub does not give it
 * @param url its address at one commit
 */
public record RemoteFile(String path, String etag, long size, HttpUrl url) {}
