package org.dualform.dev.pack.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.dualform.base.Sha256;
import org.dualform.cli.machine.Shell;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The few Debian packages (or Ubuntu's) that the image's base consists of, as this system's own releases have them. No
 * script of theirs is run, so root is not needed.
 */
final class DebianPackages {
    /** The C and C++ libraries, and what Java draws text with: fonts, and the libraries that read and lay them out. */
    private static final List<String> NAMES = List.of(
            "base-files",
            "libc6",
            "libgcc-s1",
            "libstdc++6",
            "zlib1g",
            "fontconfig-config",
            "fonts-dejavu-core",
            "libbrotli1",
            "libexpat1",
            "libfontconfig1",
            "libfreetype6",
            "libglib2.0-0",
            "libgraphite2-3",
            "libharfbuzz0b",
            "liblcms2-2",
            "libpcre2-8-0",
            "libpng16-16");
    /** The ending of names in releases since the change of 2024 to times of 64 bits. */
    private static final String SINCE_2024 = "t64";

    private static final Pattern PRINTED = Pattern.compile("'[^']+' (\\S+) (\\d+) SHA256:(\\p{XDigit}{64})");
    private static final String OTHERWISE = " Or name a base of your own: --base FILE.tar (of docker save), or --base"
            + " docker://debian:12-slim where a registry can be reached.";

    private final Path folder;

    /** @param folder keeps the packages for the next time */
    DebianPackages(Path folder) {
        this.folder = folder;
    }

    /** One package's file, with the hash that the signed list of its release gives for it. */
    record Deb(Path file, String sha256) {}

    /** Finds the packages, and downloads those that are not here yet. */
    List<Deb> get(Path log) throws IOException {
        for (String tool : List.of("apt-get", "apt-cache", "dpkg-deb")) {
            if (Shell.output(List.of(tool, "--version")) == null) {
                throw UserException.config("The image's base is made of Debian packages, and " + tool
                        + " is missing: this is no Debian or Ubuntu." + OTHERWISE);
            }
        }
        Files.createDirectories(folder);
        List<String> names = names();
        List<Deb> packages = listed(names);
        if (!packages.stream().allMatch(DebianPackages::isHere)) {
            List<String> command = new ArrayList<>(List.of("apt-get", "download", "-q"));
            command.addAll(names);
            int code = Shell.run(command, folder, Map.of("LC_ALL", "C"), log);
            if (code != 0 || !packages.stream().allMatch(DebianPackages::isHere)) {
                throw new TransientException(
                        "apt-get could not download the packages of the image's base. If its lists are old, apt-get"
                                + " update renews them; the log is " + log + ":" + Shell.tail(log, 6),
                        null);
            }
        }
        return packages;
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String name : NAMES) {
            String known = isKnown(name) ? name : name + SINCE_2024;
            if (!known.equals(name) && !isKnown(known)) {
                throw UserException.config("The image's base needs the package " + name
                        + ", of which apt-get knows nothing here. If it has no lists yet, apt-get update brings them."
                        + OTHERWISE);
            }
            names.add(known);
        }
        return names;
    }

    private static boolean isKnown(String name) {
        @Nullable String found = Shell.output(List.of("apt-cache", "policy", name));
        return found != null && found.contains("Candidate: ") && !found.contains("Candidate: (none)");
    }

    private List<Deb> listed(List<String> names) {
        List<String> command = new ArrayList<>(List.of("apt-get", "download", "--print-uris"));
        command.addAll(names);
        @Nullable String printed = Shell.output(command);
        List<Deb> packages = new ArrayList<>();
        if (printed != null) {
            for (String line : printed.lines().toList()) {
                Matcher matcher = PRINTED.matcher(line.trim());
                if (matcher.matches()) {
                    packages.add(new Deb(folder.resolve(matcher.group(1)), matcher.group(3)));
                }
            }
        }
        if (packages.size() != names.size()) {
            throw UserException.config(
                    "apt-get does not tell where the packages of the image's base are; if its lists are missing or old,"
                            + " apt-get update renews them. It answered "
                            + (printed == null ? "nothing" : printed.trim()) + "." + OTHERWISE);
        }
        return packages;
    }

    private static boolean isHere(Deb wanted) {
        try {
            return Files.exists(wanted.file()) && Sha256.hex(wanted.file()).equals(wanted.sha256());
        } catch (IOException e) {
            return false;
        }
    }

    /** The package's description of itself, a field a line. */
    static String control(Deb of) {
        @Nullable String text = Shell.output(List.of("dpkg-deb", "--field", of.file().toString()));
        if (text == null) throw UserException.data(of.file() + " is not a Debian package.");
        return text;
    }

    /** A field of a description. */
    static String field(String control, String name) {
        return control.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2).trim())
                .findFirst()
                .orElse("");
    }

    /** The package as lists of components name it. */
    static Component component(Deb of) {
        String control = control(of);
        String name = field(control, "Package");
        String version = field(control, "Version");
        return new Component(
                name,
                version,
                "pkg:deb/" + release("ID") + "/" + name + "@" + URLEncoder.encode(version, StandardCharsets.UTF_8)
                        + "?arch=" + field(control, "Architecture") + "&distro=" + release("ID") + "-"
                        + release("VERSION_ID"));
    }

    /** A value of /etc/os-release. */
    private static String release(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith(name + "="))
                    .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                    .findFirst()
                    .orElse("debian");
        } catch (IOException e) {
            return "debian";
        }
    }

    /** What {@link #read} hands over, a file or folder or link at a time. */
    interface Sink {
        void take(TarArchiveEntry entry, byte[] content) throws IOException;
    }

    /** Reads the files of a package. */
    static void read(Deb from, Sink sink) throws IOException {
        Process process = Shell.start(
                new ProcessBuilder("dpkg-deb", "--fsys-tarfile", from.file().toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT));
        try (InputStream out = new BufferedInputStream(process.getInputStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(out, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                sink.take(entry, entry.isFile() ? tar.readAllBytes() : new byte[0]);
            }
        } finally {
            process.destroy();
        }
    }
}
