package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    @TempDir
    private Path folder;

    /** Another process that holds byte 0 until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (LockFile file = LockFile.open(Path.of(arguments[0]))) {
                System.out.println(file.tryHold(0).isPresent());
                Thread.sleep(TimeUnit.MINUTES.toMillis(5));
            }
        }
    }

    @Test
    void oneByteHasOneHolderEvenInOneProcess() throws IOException {
        try (LockFile mine = LockFile.open(folder.resolve("lock"));
                LockFile other = LockFile.open(folder.resolve("lock"))) {
            FileLock held = mine.tryHold(7).orElseThrow();
            assertThat(other.tryHold(7)).isEmpty();
            assertThat(mine.tryHold(7)).isEmpty();
            assertThat(other.tryHold(8)).isPresent();
            held.release();
            assertThat(other.tryHold(7)).isPresent();
        }
    }

    @Test
    void closingTheFileReleasesItsLocks() throws IOException {
        LockFile mine = LockFile.open(folder.resolve("lock"));
        assertThat(mine.tryHold(0)).isPresent();
        mine.close();
        try (LockFile other = LockFile.open(folder.resolve("lock"))) {
            assertThat(other.tryHold(0)).isPresent();
        }
    }

    @Test
    @Timeout(120)
    void aProcessWaitsForAnotherAndGoesOnWhenThatDies() throws Exception {
        Path path = folder.resolve("lock");
        Process other = holder(path);
        try (BufferedReader output = other.inputReader();
                LockFile file = LockFile.open(path)) {
            assertThat(output.readLine()).isEqualTo("true");
            AtomicInteger waits = new AtomicInteger();
            AtomicInteger looks = new AtomicInteger();
            CompletableFuture<Void> mine = CompletableFuture.runAsync(() -> {
                try {
                    file.hold(0, waits::incrementAndGet, looks::incrementAndGet);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            while (looks.get() < 3) Thread.sleep(10);
            assertThat(mine).isNotDone();
            other.destroyForcibly();
            mine.get(60, TimeUnit.SECONDS);
            assertThat(waits).hasValue(1);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aWaitEndsWhenItIsToldTo() throws IOException {
        try (LockFile mine = LockFile.open(folder.resolve("lock"));
                LockFile other = LockFile.open(folder.resolve("lock"))) {
            assertThat(mine.tryHold(0)).isPresent();
            assertThatThrownBy(() -> other.hold(0, () -> {}, () -> {
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
        }
    }

    @Test
    void aFreeLockIsTakenWithoutAWait() throws Exception {
        try (LockFile file = LockFile.open(folder.resolve("lock"))) {
            Runnable never = () -> {
                throw new AssertionError("nobody holds it");
            };
            assertThat(file.hold(0, never, never).isValid()).isTrue();
        }
    }

    @Test
    void aFolderThatIsMissingIsAnError() {
        assertThatThrownBy(() -> LockFile.open(folder.resolve("missing/lock"))).isInstanceOf(NoSuchFileException.class);
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
