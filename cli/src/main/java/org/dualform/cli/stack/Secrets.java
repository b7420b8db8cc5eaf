package org.dualform.cli.stack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.contract.PermanentException;

/**
 * Passwords and keys of the local servers. They are random, made once, and readable only by their owner.
 *
 * @param password of Airflow's user
 * @param jwt signs Airflow's tokens
 * @param fernet encrypts what Airflow stores
 */
public record Secrets(String password, String jwt, String fernet) {
    static final String USER = "admin";
    private static final ObjectMapper JSON = new ObjectMapper();

    public static Secrets readOrMake(Home home) {
        Path file = home.run().resolve("secrets.json");
        try {
            Map<String, String> known = new HashMap<>();
            if (Files.exists(file)) {
                known.putAll(JSON.readValue(Files.readString(file), new TypeReference<Map<String, String>>() {}));
            }
            Secrets secrets = new Secrets(
                    known.getOrDefault("password", random(12)),
                    known.getOrDefault("jwt", random(48)),
                    known.getOrDefault("fernet", Base64.getUrlEncoder().encodeToString(bytes(32))));
            Map<String, String> all =
                    Map.of("password", secrets.password, "jwt", secrets.jwt, "fernet", secrets.fernet);
            if (!all.equals(known)) {
                writePrivate(file, JSON.writeValueAsString(all));
            }
            writePrivate(passwords(home), JSON.writeValueAsString(Map.of(USER, secrets.password)));
            return secrets;
        } catch (IOException e) {
            throw new PermanentException("Cannot read or write " + file + ": " + e.getMessage() + ".", e);
        }
    }

    /** The file in which Airflow's user finds the password. */
    static Path passwords(Home home) {
        return home.run().resolve("airflow-passwords.json");
    }

    /** Writes a file that others can never read, not even while it is written. */
    private static void writePrivate(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(
                next,
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static String random(int count) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(count));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "Secrets";
    }
}
