package org.dualform.dev.pack.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;

/**
 * What an image is built upon.
 *
 * @param name as the image's label tells it
 * @param reference as Jib reads it; empty for the base that is made here
 */
public record Base(String name, String reference) {
    private static final String REGISTRY = "docker://";

    /** The base of this system's own Debian packages. */
    public static final Base OWN = new Base("dualform-base", "");

    /**
     * Reads an option's value.
     *
     * @param given {@code FILE.tar} as docker save writes it, or {@code docker://NAME}; empty for the own base
     */
    public static Base parse(String given) {
        if (given.isEmpty()) return OWN;
        if (given.startsWith(REGISTRY)) return ofRegistry(given.substring(REGISTRY.length()));
        if (given.contains("://")) {
            throw UserException.usage(
                    "--base " + given + " is neither a file nor docker://NAME, the name of an image in a registry.");
        }
        Path file = Path.of(given).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw UserException.usage("--base: there is no file " + file + ". It has to be an archive that docker save"
                    + " wrote, or docker://NAME for an image in a registry.");
        }
        return new Base(file.getFileName().toString(), "tar://" + file);
    }

    private static Base ofRegistry(String name) {
        try {
            return new Base(ImageReference.parse(name).toString(), "registry://" + name);
        } catch (InvalidImageReferenceException e) {
            throw UserException.usage("--base docker://" + name + ": " + name
                    + " is not the name of an image. Names are like debian:12-slim or registry.example/team/base:1.");
        }
    }

    boolean isOwn() {
        return equals(OWN);
    }

    boolean isOfRegistry() {
        return reference.startsWith("registry://");
    }
}
