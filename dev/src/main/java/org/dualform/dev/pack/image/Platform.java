package org.dualform.dev.pack.image;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.contract.UserException;

/** A kind of processor, as each of the libraries calls it. */
enum Platform {
    AMD64("linux-x86_64", "linux-x86-64", "x86_64", "amd64"),
    ARM64("linux-aarch64", "linux-aarch64", "aarch64", "aarch64");

    private final String djl;
    private final String jna;
    private final String snappy;
    private final String zstd;

    Platform(String djl, String jna, String snappy, String zstd) {
        this.djl = djl;
        this.jna = jna;
        this.snappy = snappy;
        this.zstd = zstd;
    }

    /**
     * That of this machine. An image is made for the machine's own kind alone: its Java runtime and its Debian packages
     * come from there.
     */
    static Platform ofThisMachine() {
        String name = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return switch (name) {
            case "Linux amd64" -> AMD64;
            case "Linux aarch64" -> ARM64;
            default ->
                throw UserException.config("An image is made on Linux, on x86_64 or aarch64; this is " + name
                        + ". --no-image makes all but the image.");
        };
    }

    /** The word of DJL's native libraries. */
    String djl() {
        return djl;
    }

    /** The word of image registries and of Debian. */
    String oci() {
        return this == AMD64 ? "amd64" : "arm64";
    }

    /** Prefixes of the task jar's entries that hold native libraries for this platform. */
    Map<String, Path> nativeFolders() {
        Map<String, Path> folders = new LinkedHashMap<>();
        folders.put("pytorch/cpu/" + djl + "/", Path.of("pytorch"));
        folders.put("jnilib/" + djl + "/cpu/", Path.of("pytorch"));
        folders.put("native/lib/" + djl + "/cpu/", Path.of("tokenizers"));
        folders.put("com/sun/jna/" + jna + "/", Path.of("jna"));
        folders.put("org/xerial/snappy/native/Linux/" + snappy + "/", Path.of("snappy"));
        folders.put("linux/" + zstd + "/", Path.of("zstd"));
        return folders;
    }
}
