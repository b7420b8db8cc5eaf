package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.task.run.CountingKind;
import org.dualform.task.run.FailingKind;
import org.dualform.task.run.TaskKind;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskMainTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch callerGone = new CountDownLatch(1);
    private TaskKind<?> kind = new CountingKind();
    private Path result = Path.of("");

    @BeforeEach
    void setUp() {
        result = folder.resolve("result.json");
    }

    private int main(String in, String... words) {
        return main(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), words);
    }

    private int main(InputStream stdin, String... words) {
        PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new TaskMain(Map.of(kind.name(), kind), stdin, stdout, cancellation, callerGone::countDown)
                .run(List.of(words));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String request(String parameters) {
        return "{\"schema\":1,\"kind\":\"prompt\",\"inputs\":{},\"workspace\":\"%s\",\"parameters\":%s}"
                .formatted(folder.resolve("w"), parameters);
    }

    private JsonNode written() throws Exception {
        JsonNode json = Json.mapper().readTree(Files.readAllBytes(result));
        assertThat(Schemas.RESULT.mistakes(json)).isEmpty();
        return json;
    }

    private int runWith(String parameters) {
        return main(request(parameters), "prompt", "--request", "-", "--result", result.toString());
    }

    @Test
    void helpAndEveryMistakeOfTheCommandLine() {
        assertThat(main("", "--help")).isZero();
        assertThat(printed()).contains("usage:", "exit codes", "prompt");
        assertThat(main("", "predict", "--sesame")).isEqualTo(64);
        assertThat(printed()).contains("no option --sesame", "no kind predict", "--request FILE", "--result FILE");
    }

    @Test
    void doneIsZeroWithAResultAndProgressLines() throws Exception {
        assertThat(runWith("{\"text\":\"a\"}")).isZero();
        assertThat(written().path("status").asText()).isEqualTo("done");
        assertThat(written().path("provenance").path("versions").path("djl").asText())
                .matches("\\d+\\..*");
        List<String> protocol =
                printed().lines().filter(l -> l.startsWith("@dualform ")).toList();
        assertThat(protocol).hasSize(1);
        JsonNode event = Json.mapper().readTree(protocol.get(0).substring("@dualform ".length()));
        assertThat(event.path("event").asText()).isEqualTo("progress");
        assertThat(event.path("total").asInt()).isEqualTo(1);
    }

    /** Runs the task with its result on standard output; the text that the events carry. */
    private String streamed(int code, String parameters) throws Exception {
        assertThat(main(request(parameters), "prompt", "--request", "-", "--result", "-"))
                .isEqualTo(code);
        StringBuilder text = new StringBuilder();
        for (String line : printed().lines().toList()) {
            if (!line.startsWith("@dualform ")) continue;
            JsonNode event = Json.mapper().readTree(line.substring("@dualform ".length()));
            if (event.path("event").asText().equals("result"))
                text.append(event.path("text").asText());
        }
        return text.toString();
    }

    @Test
    void theResultOnStandardOutputHasTheBytesOfTheFile() throws Exception {
        assertThat(runWith("{\"text\":\"a\"}")).isZero();
        // The first run computed; both of these find its result.
        assertThat(runWith("{\"text\":\"a\"}")).isZero();
        String file = Files.readString(result);
        assertThat(streamed(0, "{\"text\":\"a\"}")).isEqualTo(file).contains("\"cached\" : true");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("w", "result.json");
        }
    }

    @Test
    void aFailedResultGoesToStandardOutputToo() throws Exception {
        kind = new FailingKind(UserException.data("The file x:3 is empty; give it text."));
        JsonNode failed = Json.mapper().readTree(streamed(65, "{}"));
        assertThat(Schemas.RESULT.mistakes(failed)).isEmpty();
        assertThat(failed.path("message").asText()).isEqualTo("The file x:3 is empty; give it text.");
    }

    @Test
    void anAttachedTaskReadsOneLineAndLearnsThatItsCallerIsGone() throws Exception {
        try (PipedOutputStream caller = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(caller)) {
            caller.write((request("{\"text\":\"a\"}") + "\n").getBytes(StandardCharsets.UTF_8));
            caller.flush();
            String[] words = {"prompt", "--request", "-", "--attached", "--result", result.toString()};
            assertThat(main(in, words)).as("the input has not ended").isZero();
            assertThat(written().path("status").asText()).isEqualTo("done");
            assertThat(callerGone.getCount()).isEqualTo(1);
            caller.close();
            assertThat(callerGone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void attachedWithoutStandardInputIsRefused() {
        assertThat(main("", "prompt", "--request", "r.json", "--attached", "--result", "-"))
                .isEqualTo(64);
        assertThat(printed()).contains("--attached needs --request -; it is r.json.");
    }

    @Test
    void skippedIs99() throws Exception {
        assertThat(runWith("{\"skip\":true}")).isEqualTo(99);
        assertThat(written().path("status").asText()).isEqualTo("skipped");
    }

    @Test
    void theUsersMistakeIsOneMessageAndAFailedResult() throws Exception {
        kind = new FailingKind(UserException.data("The file x:3 is empty; give it text."));
        assertThat(runWith("{}")).isEqualTo(65);
        assertThat(printed()).isEqualToIgnoringNewLines("The file x:3 is empty; give it text.");
        assertThat(written().path("status").asText()).isEqualTo("failed");
        assertThat(written().path("message").asText()).isEqualTo("The file x:3 is empty; give it text.");
    }

    @Test
    void aBugIs70WithItsStackTrace() throws Exception {
        kind = new FailingKind(new IllegalStateException("never happens"));
        assertThat(runWith("{}")).isEqualTo(70);
        assertThat(printed()).contains("bug", "IllegalStateException: never happens", "at org.dualform.task");
        assertThat(written().path("status").asText()).isEqualTo("failed");
    }

    @Test
    void aWorkspaceThatIsDeletedUnderATaskIsSaidToBeSoAlsoThroughALibrarysException() throws Exception {
        Path gone = folder.resolve("w/tmp/0123/weights.safetensors");
        kind = new FailingKind(new IllegalStateException(new NoSuchFileException(gone.toString())));
        assertThat(runWith("{}")).isEqualTo(75);
        assertThat(printed()).startsWith("Files of the workspace " + folder.resolve("w") + " were deleted");
        assertThat(written().path("message").asText()).doesNotContain("0123");
    }

    @Test
    void aNativeLibraryThatCannotBeLoadedIs78() throws Exception {
        kind = new FailingKind(new IllegalStateException(new UnsatisfiedLinkError("/x/libtorch.so: failed to map")));
        assertThat(runWith("{}")).isEqualTo(78);
        assertThat(printed()).contains("/x/libtorch.so", "noexec").doesNotContain("\tat ");
    }

    @Test
    void aResultThatCannotBeWrittenSaysWhatIsInTheWay() throws Exception {
        Path blocked = Files.createDirectories(folder.resolve("blocked"));
        String request = request("{\"text\":\"a\"}");
        assertThat(main(request, "prompt", "--request", "-", "--result", blocked.toString()))
                .isEqualTo(78);
        assertThat(printed()).contains(blocked + " is a folder, and a file is needed there.");
    }

    @Test
    void aRequestThatIsNotJsonOrOfAnotherKindIs64() throws Exception {
        assertThat(main("{\"a\":", "prompt", "--request", "-", "--result", result.toString()))
                .isEqualTo(64);
        assertThat(printed()).contains("not JSON");
        kind = new FailingKind(new IllegalStateException());
        String other = request("{}").replace("\"prompt\"", "\"infer\"");
        assertThat(main(other, "prompt", "--request", "-", "--result", result.toString()))
                .isEqualTo(64);
        assertThat(written().path("message").asText()).contains("infer", "prompt");
    }

    @Test
    void cancelledIs143AndWritesNoResult() {
        cancellation.request();
        assertThat(runWith("{\"text\":\"a\"}")).isEqualTo(143);
        assertThat(result).doesNotExist();
    }
}
