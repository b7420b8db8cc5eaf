package org.dualform.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.HeardConsole;
import org.dualform.contract.PermanentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    private static final String WAITS = "waiting for another dualform process to finish with the servers";

    @TempDir
    private Path folder;

    /** Another process that holds the lock until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (FolderLock held =
                    FolderLock.take(Path.of(arguments[0]), "what the test waits for", Console.standard())) {
                System.out.println("held");
                Thread.sleep(Duration.ofMinutes(5).toMillis());
            }
        }
    }

    @Test
    void aFreeLockIsTakenQuietlyAndMakesItsFolder() {
        HeardConsole heard = new HeardConsole(false);
        Path file = folder.resolve("run/lock");
        FolderLock.take(file, "with the servers", heard.console()).close();
        FolderLock.take(file, "with the servers", heard.console()).close();
        assertThat(heard.text()).isEmpty();
    }

    @Test
    void aProcessWaitsForAnotherSaysSoOnceAndGoesOnWhenThatDies() throws Exception {
        Path file = folder.resolve("lock");
        Process other = holder(file);
        try (BufferedReader output = other.inputReader()) {
            assertThat(output.readLine()).isEqualTo("held");
            HeardConsole heard = new HeardConsole(false);
            CompletableFuture<Void> mine = CompletableFuture.runAsync(() ->
                    FolderLock.take(file, "with the servers", heard.console()).close());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (heard.text().isEmpty() && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(heard.text().lines()).containsExactly(WAITS);
            assertThat(mine).isNotDone();
            other.destroyForcibly();
            mine.get(60, TimeUnit.SECONDS);
            assertThat(heard.text().lines()).containsExactly(WAITS);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aPlaceThatCannotHoldALockIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("lock");
        assertThatThrownBy(() -> FolderLock.take(file, "with the servers", new HeardConsole(false).console()))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("Cannot lock " + file);
    }

    private static Process holder(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
