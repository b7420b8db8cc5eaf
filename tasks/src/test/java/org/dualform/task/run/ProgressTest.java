package org.dualform.task.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.task.progress.ProgressLine;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.progress.ProtocolEvents;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final AtomicLong now = new AtomicLong();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void protocolIsLimitedAndTheEtaIsPerPhase() {
        ProtocolEvents events = new ProtocolEvents(new PrintStream(out, true, StandardCharsets.UTF_8), now::get);
        ProgressMeter meter = new ProgressMeter(events, new Cancellation(), now::get);
        for (int done = 0; done <= 100; done++) {
            meter.at("icl, 4 shots", done, 100);
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
        }
        meter.at("ft", 0, 4);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        List<String> protocol =
                lines.stream().filter(l -> l.startsWith("@dualform ")).toList();
        assertThat(protocol).hasSize(27);
        assertThat(protocol.get(1)).contains("\"done\":4", "\"total\":100", "\"eta_s\":24.0");
        assertThat(protocol.get(25)).contains("\"done\":100", "\"eta_s\":0.0");
        assertThat(protocol.get(26)).contains("\"what\":\"ft\"", "\"eta_s\":null");
        assertThat(lines)
                .as("the caller shows progress, so the log does not repeat it")
                .isEqualTo(protocol);
    }

    @Test
    void pagesOfTheStudyAreToldToTheCaller() {
        new ProtocolEvents(new PrintStream(out, true, StandardCharsets.UTF_8), now::get)
                .link("report", "http://mlflow/#/report");
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("@dualform {\"event\":\"link\",\"page\":\"report\",\"url\":\"http://mlflow/#/report\"}");
    }

    @Test
    void aResultGoesInPiecesThatJoinToItsTextAndFitALogLine() throws Exception {
        String wide = "\uD83D\uDE00";
        String text = "{\"message\": \"" + "ü\\\"".repeat(3000) + "x" + wide.repeat(6000) + "語".repeat(4000) + "\"}\n";
        new ProtocolEvents(new PrintStream(out, true, StandardCharsets.UTF_8), now::get).result(text);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(16_384);
            JsonNode event = Json.mapper().readTree(lines.get(i).substring("@dualform ".length()));
            assertThat(event.path("event").asText()).isEqualTo("result");
            assertThat(event.path("part").asInt()).isEqualTo(i + 1);
            assertThat(event.path("parts").asInt()).isEqualTo(lines.size());
            assertThat(event.path("sha256").asText()).isEqualTo(Sha256.hex(text));
            assertThat(event.path("text").asText()).hasSizeLessThanOrEqualTo(4000);
            joined.append(event.path("text").asText());
        }
        assertThat(joined.toString()).isEqualTo(text);
        assertThat(lines).hasSizeGreaterThan(5);
    }

    @Test
    void timesAreReadable() {
        assertThat(ProgressLine.time(Duration.ofMillis(700))).isEqualTo("1 s");
        assertThat(ProgressLine.time(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(ProgressLine.time(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
    }
}
