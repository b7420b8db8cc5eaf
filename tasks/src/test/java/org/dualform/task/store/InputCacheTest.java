package org.dualform.task.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.dualform.base.Sha256;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Reference;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests files of other workers in a workspace: fetched once, compared, kept as long as there is room. */
class InputCacheTest {
    private static final byte[] BYTES = "what another worker made".getBytes(StandardCharsets.UTF_8);
    private static final Reference REFERENCE = new Reference("mlflow-artifacts:/r", Sha256.hex(BYTES), BYTES.length);

    @TempDir
    Path folder;

    private final AtomicInteger fetched = new AtomicInteger();
    private final List<String> said = new ArrayList<>();

    private Path fetch(Workspace workspace, InputCache.Fetch fetch) throws IOException {
        return workspace.fetched("prompts", REFERENCE, fetch, new Cancellation(), said::add);
    }

    private void bring(Path part) throws IOException {
        fetched.incrementAndGet();
        Files.write(part, BYTES);
    }

    private Path part() {
        return folder.resolve("inputs").resolve(REFERENCE.sha256()).resolve("part");
    }

    @Test
    void twoTasksThatWantOneFileFetchItOnce() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Path>> same = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                same.add(() -> {
                    try (Workspace own = Workspace.open(folder)) {
                        return fetch(own, part -> {
                            pause();
                            bring(part);
                        });
                    }
                });
            for (Future<Path> file : tasks.invokeAll(same))
                assertThat(file.get()).hasBinaryContent(BYTES);
        } finally {
            tasks.shutdownNow();
        }
        assertThat(fetched).hasValue(1);
        assertThat(said).contains("Another task fetches the input prompts; waiting for it.");
        assertThat(part()).doesNotExist();
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anInterruptedFetchGoesOn() throws Exception {
        try (Workspace workspace = Workspace.open(folder)) {
            assertThatThrownBy(() -> fetch(workspace, part -> {
                        Files.write(part, Arrays.copyOf(BYTES, 5));
                        throw new TransientException("the server went away", null);
                    }))
                    .isInstanceOf(TransientException.class);
            fetch(workspace, part -> {
                assertThat(part).hasBinaryContent(Arrays.copyOf(BYTES, 5));
                bring(part);
            });
        }
        assertThat(fetched).hasValue(1);
    }

    @Test
    void aBeginningThatWasDamagedIsFetchedAnew() throws Exception {
        Files.createDirectories(part().getParent());
        Files.writeString(part(), "wrong");
        try (Workspace workspace = Workspace.open(folder)) {
            Path file = fetch(workspace, part -> {
                if (fetched.incrementAndGet() > 1) Files.write(part, BYTES);
            });
            assertThat(file).hasBinaryContent(BYTES);
        }
        assertThat(fetched).as("once on top of the damage, once whole").hasValue(2);
    }

    @Test
    void otherBytesAreRefusedAndNotKept() throws Exception {
        try (Workspace workspace = Workspace.open(folder)) {
            assertThatThrownBy(() -> fetch(workspace, part -> Files.writeString(part, "tampered")))
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                    .hasMessageContainingAll("Input prompts", "Somebody changed", REFERENCE.sha256());
            try (Stream<Path> left = Files.walk(folder.resolve("inputs"))) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void aDamagedFileIsFetchedAgainAndALinkIsNeverFollowed() throws Exception {
        try (Workspace workspace = Workspace.open(folder)) {
            Path file = fetch(workspace, this::bring);
            Files.writeString(file, "damaged by somebody else");
            assertThat(fetch(workspace, this::bring)).hasBinaryContent(BYTES);
            Path outside = Files.write(folder.resolve("outside"), BYTES);
            Files.delete(file);
            Files.createSymbolicLink(file, outside);
            assertThat(fetch(workspace, this::bring)).hasBinaryContent(BYTES);
            assertThat(Files.isSymbolicLink(file)).isFalse();
        }
        assertThat(fetched).hasValue(3);
    }

    @Test
    void whatIsOldOrTooMuchGoesAndWhatIsInUseStays() throws Exception {
        Instant now = Instant.parse("2026-01-10T00:00:00Z");
        InputSpace space = new InputSpace(folder, 250, Clock.fixed(now, ZoneOffset.UTC));
        entry("old", now.minus(Duration.ofDays(8)), 10);
        entry("first", now.minus(Duration.ofHours(9)), 100);
        entry("second", now.minus(Duration.ofHours(8)), 100);
        entry("now", now.minus(Duration.ofMinutes(5)), 100);
        space.makeRoom();
        assertThat(left()).containsExactly("now", "second");
        entry("more", now.minus(Duration.ofMinutes(1)), 1000);
        space.makeRoom();
        assertThat(left()).as("what may be in use stays, even beyond the limit").containsExactly("more", "now");
    }

    private void entry(String name, Instant used, int bytes) throws IOException {
        Path file = Files.createDirectories(folder.resolve(name)).resolve("data");
        Files.write(file, new byte[bytes]);
        Files.setLastModifiedTime(file, FileTime.from(used));
        Files.setLastModifiedTime(file.getParent(), FileTime.from(used));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theLimitIsASize() {
        assertThat(InputSpace.limit(Map.of())).isEqualTo(20L << 30);
        assertThat(InputSpace.limit(Map.of("DUALFORM_INPUT_CACHE", "1.5m"))).isEqualTo(3L << 19);
        assertThatThrownBy(() -> InputSpace.limit(Map.of("DUALFORM_INPUT_CACHE", "plenty")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessage("DUALFORM_INPUT_CACHE has to be a size such as 20g or 800m, not 'plenty'.");
    }
}
