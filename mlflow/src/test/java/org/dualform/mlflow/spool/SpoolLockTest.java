package org.dualform.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.base.LockFile;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.live.Operation;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests who may hold a session of the spool. */
class SpoolLockTest {
    private static final RunSpec RUN = new RunSpec("x", new RunKey("s", "c", "icl"), "n", Map.of(), Map.of());

    @TempDir
    Path folder;

    /** Another process that tries to take the lock of a session. */
    static final class Other {
        public static void main(String[] arguments) throws Exception {
            try (LockFile lock = LockFile.open(Path.of(arguments[0]).resolve("lock"))) {
                System.out.println(lock.tryHold(0).isPresent());
            }
        }
    }

    private static boolean anotherProcessGets(Path session) throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        placeOf(Other.class) + File.pathSeparator + placeOf(LockFile.class),
                        Other.class.getName(),
                        session.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = other.inputReader()) {
            return Boolean.parseBoolean(output.readLine());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static Path placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void aSecondLookFromTheSameProcessDropsNoLock() throws Exception {
        Spool spool = new Spool(folder);
        Path session;
        try (SpoolSession held = spool.session(MlflowServer.of("http://127.0.0.1:1", Map.of()), RUN, 1)) {
            held.append(new Operation.SetTags(Map.of("a", "b")));
            session = held.folder();
            assertThat(SpoolSession.lock(session)).isEmpty();
            assertThat(SpoolSession.lock(session)).isEmpty();
            assertThat(anotherProcessGets(session)).isFalse();
        }
        assertThat(anotherProcessGets(session)).isTrue();
        try (SpoolSession held = SpoolSession.lock(session).orElseThrow()) {
            assertThat(held.log().lines()).hasSize(2);
            held.remove();
        }
        try (var left = Files.list(session.getParent())) {
            assertThat(left.toList()).isEqualTo(List.of());
        }
    }
}
