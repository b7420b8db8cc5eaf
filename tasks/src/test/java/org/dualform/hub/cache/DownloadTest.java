package org.dualform.hub.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.contract.TransientException;
import org.dualform.hub.FakeHub;
import org.dualform.hub.Hub;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;

class DownloadTest {
    private static final HubName NAME =
            HubName.parse(RepoKind.MODEL, FakeHub.ID).orElseThrow();
    private static final String WEIGHTS = "model.safetensors";

    private Path home;
    private FakeHub server;

    @BeforeTry
    void start() throws IOException {
        home = Files.createTempDirectory("hub");
        server = new FakeHub().withModel();
    }

    @AfterTry
    void stop() throws IOException {
        server.close();
        try (var all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    private void fault(FakeHub.Fault... faults) {
        // The small files come first; only the weights' answers go wrong.
        fetchSmallFiles();
        server.faults.addAll(List.of(faults));
    }

    private void fetchSmallFiles() {
        byte[] weights = server.files.get(WEIGHTS);
        server.files.put(WEIGHTS, new byte[0]);
        fetch();
        server.files.put(WEIGHTS, weights);
        server.commit = "a".repeat(40);
    }

    private Path fetch() {
        try (Hub hub = server.open(home)) {
            return hub.model(NAME, Progress.none(), line -> {}).folder();
        }
    }

    private void assertWhole(Path folder) {
        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        try (var blobs = Files.list(home.resolve("hub/models--acme--tiny/blobs"))) {
            assertThat(blobs).noneMatch(file -> file.toString().endsWith(".incomplete"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Cut anywhere, any number of times, with or without ranges, in one process or the next: the same bytes. */
    @Property(tries = 30)
    void cutAnywhereTheSameBytesArrive(
            @ForAll @Size(max = 6) List<@IntRange(max = 5000) Integer> cuts,
            @ForAll @IntRange(min = 1, max = 5000) int size,
            @ForAll long seed,
            @ForAll boolean ranges,
            @ForAll boolean tellsSize) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        server.with(WEIGHTS, content);
        server.honoursRanges = ranges;
        server.tellsSize = tellsSize;
        fault(cuts.stream().map(FakeHub.Cut::new).toArray(FakeHub.Fault[]::new));
        for (int attempts = 1; ; attempts++) {
            try {
                assertWhole(fetch());
                return;
            } catch (TransientException e) {
                // Several cuts in a row that bring nothing end one process; the next goes on.
                assertThat(attempts).isLessThan(5);
            }
        }
    }

    @Example
    void aBrokenDownloadGoesOnWhereItStopped() {
        fault(new FakeHub.Cut(40_000), new FakeHub.Cut(20_000));
        assertWhole(fetch());
        assertThat(server.seen)
                .filteredOn(request ->
                        request.server().equals("cdn") && request.path().equals("/" + WEIGHTS))
                .extracting(FakeHub.Seen::range)
                .endsWith("", "bytes=40000-", "bytes=60000-");
    }

    @Example
    void busyServersAreAskedAgainWhenTheySay() {
        fault(new FakeHub.Status(429, "1"), new FakeHub.Status(503, ""), new FakeHub.Status(403, ""));
        long start = System.nanoTime();
        assertWhole(fetch());
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Example
    void aWaitTooLongIsNotWaitedFor() {
        fault(new FakeHub.Status(429, "86400"));
        assertThatThrownBy(this::fetch).isInstanceOf(TransientException.class).hasMessageContaining("429");
        assertWhole(fetch());
    }

    @Example
    void aServerThatStaysAwayIsGivenUp() {
        fault(IntStream.range(0, 4).mapToObj(i -> new FakeHub.Status(503, "")).toArray(FakeHub.Fault[]::new));
        assertThatThrownBy(this::fetch).isInstanceOf(TransientException.class).hasMessageContaining("tries: 4");
        assertWhole(fetch());
    }

    @Example
    void damagedBytesAreFetchedAgainAndThenRefused() {
        fault(new FakeHub.Damage());
        assertWhole(fetch());
        server.with(WEIGHTS, "others");
        server.commit = "b".repeat(40);
        server.faults.addAll(List.of(new FakeHub.Damage(), new FakeHub.Damage()));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining(server.etag(WEIGHTS));
        assertThat(home.resolve("hub/models--acme--tiny/blobs/" + server.etag(WEIGHTS)))
                .doesNotExist();
        assertWhole(fetch());
    }

    @Example
    void whatAnEarlierProcessLeftDamagedDoesNotStay() throws IOException {
        fault();
        Path incomplete = new HubCache(home.resolve("hub")).incomplete(NAME, server.etag(WEIGHTS));
        Files.write(incomplete, new byte[5000]);
        assertWhole(fetch());
        server.with(WEIGHTS, "short");
        server.commit = "b".repeat(40);
        Files.write(new HubCache(home.resolve("hub")).incomplete(NAME, server.etag(WEIGHTS)), new byte[5000]);
        assertWhole(fetch());
    }

    @Example
    void anotherRangeThanAskedForIsNotTaken() {
        fault(new FakeHub.Cut(40_000), new FakeHub.WrongRange());
        assertWhole(fetch());
    }

    @Example
    void tasksBesideEachOtherFetchOnce() throws Exception {
        server.delayMillis = 300;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Path>> all = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(this::fetch))
                    .toList();
            for (Future<Path> one : all) assertWhole(one.get());
        } finally {
            threads.shutdown();
        }
        for (String file : List.of(WEIGHTS, "config.json", "tokenizer.json")) {
            assertThat(server.fetches(file)).as(file).isOne();
        }
    }

    @Example
    void processesBesideEachOtherFetchOnce() throws Exception {
        server.delayMillis = 700;
        List<Process> all =
                List.of(FetchMain.start(server.environment(home)), FetchMain.start(server.environment(home)));
        for (Process one : all) {
            String output = new String(one.getInputStream().readAllBytes());
            assertThat(one.waitFor()).as(output).isZero();
            assertThat(output).contains(FakeHub.COMMIT);
        }
        assertThat(server.fetches(WEIGHTS)).isOne();
    }

    /** A process of its own that fetches. */
    static final class FetchMain {
        private FetchMain() {}

        static Process start(Map<String, String> environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            FetchMain.class.getName())
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            return builder.start();
        }

        public static void main(String[] args) {
            try (Hub hub = FakeHub.open(System.getenv())) {
                System.out.println(hub.model(NAME, Progress.none(), System.out::println));
            }
        }
    }
}
