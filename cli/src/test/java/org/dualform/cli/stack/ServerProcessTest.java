package org.dualform.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests server processes with small real processes in place of the servers. */
class ServerProcessTest {
    @TempDir
    private Path folder;

    private Home home;
    private ServerProcess server;
    private Python python;

    @BeforeEach
    void make() {
        home = new Home(folder, folder.resolve("state"), Map.of());
        home.make();
        python = Python.find(home);
        server = new ServerProcess(home, "small");
    }

    @AfterEach
    void end() {
        server.kill();
    }

    @Test
    void endingAServerEndsTheWholeGroup() throws Exception {
        start("sleep 300 & echo $! > child; wait");
        Path child = folder.resolve("child");
        await(() -> Files.exists(child) && Files.size(child) > 0);
        ProcessHandle grandchild =
                ProcessHandle.of(Long.parseLong(Files.readString(child).trim())).orElseThrow();
        assertThat(server.isRunning()).isTrue();
        server.terminate();
        await(() -> server.isGone() && !grandchild.isAlive());
        assertThat(server.died()).isTrue();
        server.forget();
        assertThat(server.died()).isFalse();
    }

    @Test
    void anIdThatAnotherProcessHasNowIsNeverTouched() throws Exception {
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            Files.writeString(
                    home.run().resolve("small.json"), "{\"pid\": " + other.pid() + ", \"started_ms\": 1000000}");
            assertThat(server.isRunning()).isFalse();
            assertThat(server.isGone()).isTrue();
            server.kill();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aServerThatHasEndedAndIsStillListedDoesNotRun() throws Exception {
        start("sh -c 'echo $$ > ended' & exec sleep 300"); // which never asks how its child ended
        Path ended = folder.resolve("ended");
        await(() -> Files.exists(ended) && Files.size(ended) > 0);
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(ended).trim())).orElseThrow();
        long started = child.info().startInstant().orElseThrow().toEpochMilli();
        ServerProcess listed = new ServerProcess(home, "listed");
        Files.writeString(
                home.run().resolve("listed.json"), "{\"pid\": " + child.pid() + ", \"started_ms\": " + started + "}");
        await(() -> !listed.isRunning());
        assertThat(child.isAlive()).as("still listed").isTrue();
        assertThat(listed.died()).isTrue();
    }

    @Test
    void aServerThatEndsEarlyIsToldWithTheEndOfItsLog() throws Exception {
        start("echo no such database; exit 3");
        assertThatThrownBy(() -> Wait.until(() -> false, server, Duration.ofSeconds(30), quiet()))
                .isInstanceOf(TransientException.class)
                .hasMessageContainingAll("small stopped while it started", "no such database");
    }

    @Test
    void theLastLogIsKeptBesideTheNew() throws Exception {
        start("echo first");
        await(() -> server.died());
        start("echo second");
        await(() -> server.died());
        assertThat(server.log()).hasContent("second");
        assertThat(server.log().resolveSibling("small.previous.log")).hasContent("first");
    }

    private void start(String script) {
        server.start(python, List.of("sh", "-c", script), folder, Map.of());
    }

    private static Console quiet() {
        return new Console(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), false, () -> 80);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
