package org.dualform.task.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.store.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRunnerTest {
    @TempDir
    Path folder;

    private final CountingKind kind = new CountingKind();
    private final Cancellation cancellation = new Cancellation();

    private Result run(Request request) {
        return new TaskRunner(Map.of(kind.name(), kind), Models.ofOneTask(), TaskEvents.none(), cancellation)
                .run(request);
    }

    private Request request(ObjectNode parameters, boolean fresh) {
        return new Request(1, "prompt", null, null, parameters, Map.of(), folder.toString(), fresh);
    }

    private static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    private Path file(Result result) {
        return folder.resolve(result.outputs().get("text").path());
    }

    private List<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.toList();
        }
    }

    @Test
    void computesOnceAndFindsItAgain() throws Exception {
        Result first = run(request(text("a"), false));
        Result second = run(request(text("a"), false));
        assertThat(kind.computed).hasValue(1);
        assertThat(first.cached()).isFalse();
        assertThat(second.cached()).isTrue();
        assertThat(second.outputs()).isEqualTo(first.outputs());
        assertThat(second.metrics()).isEqualTo(first.metrics());
        assertThat(file(second)).hasContent("a");
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void whatTheKindDoesNotReadAndWhereAFileLiesDoNotCount() {
        ObjectNode here = text("a").put("limit", 1);
        here.putObject("model").put("sha256", "x").put("path", "/here");
        ObjectNode there = text("a").put("limit", 2);
        there.putObject("model").put("sha256", "x").put("path", "/there");
        run(request(here, false));
        assertThat(run(request(there, false)).cached()).isTrue();
        ObjectNode other = text("a");
        other.putObject("model").put("sha256", "y").put("path", "/here");
        assertThat(run(request(other, false)).cached()).isFalse();
    }

    @Test
    void aNewAlgorithmVersionComputesAgain() {
        run(request(text("a"), false));
        kind.version = 2;
        assertThat(run(request(text("a"), false)).cached()).isFalse();
    }

    @Test
    void freshComputesAgainAndKeepsTheReferenceOfEqualBytes() {
        Result first = run(request(text("a"), false));
        Result again = run(request(text("a"), true));
        assertThat(kind.computed).hasValue(2);
        assertThat(again.cached()).isFalse();
        assertThat(again.outputs()).isEqualTo(first.outputs());
        assertThat(file(first)).hasContent("a");
    }

    @Test
    void aFinishedResultWhoseFileWasRemovedIsComputedAgain() throws Exception {
        Files.delete(file(run(request(text("a"), false))));
        Result again = run(request(text("a"), false));
        assertThat(again.cached()).isFalse();
        assertThat(file(again)).hasContent("a");
    }

    @Test
    void skipsWithoutComputing() {
        Result result = run(request(text("a").put("skip", true), false));
        assertThat(result.status()).isEqualTo(Result.Status.SKIPPED);
        assertThat(result.message()).isEqualTo("Nothing asked for.");
        assertThat(kind.computed).hasValue(0);
    }

    @Test
    void twoTasksOnOneKeyComputeItOnce() throws Exception {
        kind.steps = 20;
        kind.millisPerStep = 20;
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<Result> a = pool.submit(() -> run(request(text("a"), false)));
            Future<Result> b = pool.submit(() -> run(request(text("a"), false)));
            Result first = a.get(20, TimeUnit.SECONDS);
            Result second = b.get(20, TimeUnit.SECONDS);
            assertThat(kind.computed).hasValue(1);
            assertThat(first.outputs()).isEqualTo(second.outputs());
            assertThat(first.cached()).isNotEqualTo(second.cached());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void sweepsWhatKilledTasksLeftOfOtherKeysAndSparesWhatRuns() throws Exception {
        Path orphan = Files.createDirectories(folder.resolve("tmp/" + "0".repeat(64) + ".0123abcd"));
        Files.writeString(orphan.resolve("half"), "half of a");
        String running = "f".repeat(64);
        Path alive = folder.resolve("tmp/" + running + ".0123abcd");
        Path notAnAttempt = folder.resolve("tmp/note");
        try (Workspace workspace = Workspace.open(folder);
                Workspace.Slot held = workspace.hold("prompt", running, cancellation, line -> {})) {
            Files.createDirectories(alive);
            Files.writeString(notAnAttempt, "");
            run(request(text("a"), false));
            assertThat(temporaries()).containsExactlyInAnyOrder(alive, notAnAttempt);
            assertThat(held.folder()).isEmptyDirectory();
        }
    }

    @Test
    void aCancelledTaskLeavesNothingAndARerunGoesOn() throws Exception {
        kind.steps = 1000;
        kind.millisPerStep = 10;
        CompletableFuture<Result> running = CompletableFuture.supplyAsync(() -> run(request(text("a"), false)));
        assertThat(kind.started.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(temporaries()).hasSize(1);
        cancellation.request();
        assertThatThrownBy(() -> running.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(CancelledException.class);
        assertThat(temporaries()).isEmpty();
        assertThat(folder.resolve("results")).doesNotExist();

        kind.steps = 1;
        Result rerun = new TaskRunner(
                        Map.of(kind.name(), kind), Models.ofOneTask(), TaskEvents.none(), new Cancellation())
                .run(request(text("a"), false));
        assertThat(file(rerun)).hasContent("a");
    }

    @Test
    void whatAKilledTaskLeftIsSweptByTheNext() throws Exception {
        String key = run(request(text("a"), false)).provenance().path("key").asText();
        Path stale = Files.createDirectories(folder.resolve("tmp").resolve(key + ".dead"));
        Files.writeString(stale.resolve("out.txt"), "half");
        run(request(text("a"), true));
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void anInputThatChangedIsNamed() throws Exception {
        Reference good = run(request(text("a"), false)).outputs().get("text");
        Path file = folder.resolve(good.path());
        try (Workspace workspace = Workspace.open(folder)) {
            assertThat(workspace.resolve("x", good)).isEqualTo(file);
            Files.writeString(file, "b");
            assertThatThrownBy(() -> workspace.resolve("x", good))
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                    .hasMessageContainingAll("x", file.toString(), good.sha256());
            assertThatThrownBy(() -> workspace.resolve("x", new Reference("workspace:../../etc/passwd", "0", 1)))
                    .hasMessageContaining("outside the workspace");
        }
    }
}
