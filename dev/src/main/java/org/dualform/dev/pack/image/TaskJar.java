package org.dualform.dev.pack.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.contract.UserException;

/**
 * The task jar, taken apart. The image holds its classes as two jars, since the libraries seldom change, and the native
 * libraries as plain files: a container can start from a read-only root, and nothing is unpacked at each start.
 */
final class TaskJar implements AutoCloseable {
    private static final String OWN = "org/dualform/";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final List<String> NATIVE = List.of(".so", ".dll", ".dylib", ".jnilib", ".a");
    /** Level 1: the image's layers are compressed once more. */
    private static final int COMPRESSION = 1;

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new TreeMap<>();

    TaskJar(Path file) throws IOException {
        this.zip = new ZipFile(file.toFile());
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            if (!entry.isDirectory()) entries.put(entry.getName(), entry);
        }
    }

    /** Changes whenever the content of an entry does that the predicate accepts. */
    private String fingerprint(Predicate<String> wanted) {
        Fingerprint fingerprint = new Fingerprint();
        entries.forEach((name, entry) -> {
            if (wanted.test(name)) fingerprint.text(name + " " + entry.getCrc() + " " + entry.getSize());
        });
        return fingerprint.hex();
    }

    String fingerprintOfLibraries() {
        return fingerprint(TaskJar::isLibrary);
    }

    String fingerprintOfOwn() {
        return fingerprint(TaskJar::isOwn);
    }

    String fingerprintOfNatives(Platform platform) {
        return fingerprint(name ->
                isNative(name) && platform.nativeFolders().keySet().stream().anyMatch(name::startsWith));
    }

    void writeLibraries(Path file) throws IOException {
        write(file, TaskJar::isLibrary);
    }

    void writeOwn(Path file) throws IOException {
        write(file, TaskJar::isOwn);
    }

    private static boolean isLibrary(String name) {
        return !name.startsWith(OWN) && !isNative(name);
    }

    private static boolean isOwn(String name) {
        return name.startsWith(OWN) || name.equals(MANIFEST);
    }

    private static boolean isNative(String name) {
        return NATIVE.stream().anyMatch(name::endsWith) || name.matches(".*\\.so\\.\\d+");
    }

    private void write(Path file, Predicate<String> wanted) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream jar = new ZipOutputStream(out)) {
            jar.setLevel(COMPRESSION);
            for (ZipEntry entry : entries.values()) {
                if (!wanted.test(entry.getName())) continue;
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                jar.putNextEntry(copy);
                try (var in = zip.getInputStream(entry)) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
    }

    /** Writes the native libraries of one platform, without their linker's symbols, into folders by library. */
    void writeNatives(Platform platform, Path folder) throws IOException {
        for (Map.Entry<String, Path> place : platform.nativeFolders().entrySet()) {
            List<ZipEntry> found = entries.values().stream()
                    .filter(entry -> entry.getName().startsWith(place.getKey()) && isNative(entry.getName()))
                    .toList();
            if (found.isEmpty()) {
                throw UserException.config("The task jar has no native library in " + place.getKey()
                        + ", so it was built for another kind of processor. Build it for this one:"
                        + " ./mvnw -Ddjl.natives=" + platform.djl() + " package.");
            }
            Path target = folder.resolve(place.getValue());
            Files.createDirectories(target);
            for (ZipEntry entry : found) {
                String name = entry.getName().substring(place.getKey().length());
                Path library = target.resolve(plain(name));
                try (var in = zip.getInputStream(entry)) {
                    Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
                }
                ElfSymbols.strip(library);
            }
        }
    }

    /** zstd-jni has its version in the file's name, which an option of Java's has to tell. */
    private static String plain(String name) {
        return name.replaceFirst("-\\d[\\d.-]*\\.so$", ".so");
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
