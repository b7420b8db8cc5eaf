package org.dualform.dev.pack.image;

/**
 * Something that the image holds.
 *
 * @param version empty if whoever installs it chooses
 * @param purl its address as a package, see <a href="https://github.com/package-url/purl-spec">purl</a>
 */
public record Component(String name, String version, String purl) {}
