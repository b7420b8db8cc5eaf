package org.dualform.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.task.store.StorageErrors;

/**
 * Tells whether a folder can hold state: files can be written there, and programs started. It is tried, because neither
 * permissions nor mount options tell everything.
 *
 * @param folder it need not exist; then the nearest folder above it is tried
 */
public record UsableFolder(String what, Path folder) {
    public static final String WAY_OUT =
            "DUALFORM_HOME names another folder for state, DUALFORM_ENVIRONMENTS one for" + " Python environments.";

    /** The folders that Dualform writes to, each once. */
    public static List<UsableFolder> of(Home home) {
        return Stream.of(
                        new UsableFolder("state folder", home.state()),
                        new UsableFolder("folder of environments", home.environments()))
                .filter(each ->
                        each.what.equals("state folder") || !home.environments().equals(home.state()))
                .toList();
    }

    /** Refuses, before anything is installed or started, folders that cannot serve. */
    public static void check(Home home) {
        List<String> lacks =
                of(home).stream().flatMap(each -> each.lack().stream()).toList();
        if (!lacks.isEmpty()) throw UserException.config(String.join(" ", lacks) + " " + WAY_OUT);
    }

    /** Why the folder cannot serve, as a sentence; empty if it can. */
    public Optional<String> lack() {
        Path place = folder;
        while (!Files.exists(place) && place.getParent() != null) place = place.getParent();
        if (!Files.isDirectory(place)) {
            return Optional.of("The " + what + " " + folder + " cannot be made: " + place + " is a file.");
        }
        try {
            return starts(place)
                    ? Optional.empty()
                    : Optional.of("No program can be started in the " + what + " " + folder
                            + "; its file system is mounted noexec.");
        } catch (IOException e) {
            return Optional.of(
                    String.valueOf(StorageErrors.explain(e, what, folder).getMessage()));
        }
    }

    private static boolean starts(Path place) throws IOException {
        Path program = Files.createTempFile(
                place,
                ".dualform",
                ".sh",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Files.writeString(program, "#!/bin/sh\n");
            return Shell.output(List.of(program.toString())) != null;
        } finally {
            Files.deleteIfExists(program);
        }
    }
}
