package org.dualform.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code records export}, on a small study that {@code run} measures here. */
class RecordsExportCommandTest {
    private static final Path MINI = Ran.ROOT.resolve("models/mini");
    private static final int ROWS = 4;

    @TempDir
    private Path folder;

    @Test
    void everyCellIsAFolderWithALineForEachRow() throws IOException {
        Path study = study("--record");
        Path out = folder.resolve("lmops");
        Ran ran = Ran.here("records", "export", study, "--format", "lmops", "--out", out);
        assertThat(ran.errors()).isEmpty();
        assertThat(ran.code()).isZero();
        List<String> printed = ran.out().lines().toList();
        assertThat(printed).hasSize(1);
        Path cell = Path.of(printed.get(0));
        assertThat(cell).startsWith(out);
        try (var files = Files.walk(cell)) {
            assertThat(files.filter(file -> file.endsWith("record_info.jsonl")))
                    .extracting(file -> file.getParent().getFileName().toString())
                    .containsExactlyInAnyOrder("zs", "icl", "ftzs", "ft");
        }
        try (var files = Files.walk(cell)) {
            assertThat(files.filter(file -> file.endsWith("icl/record_info.jsonl")))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readAllLines(file)).hasSize(ROWS));
        }
    }

    @Test
    void aStudyThatRecordedNothingIsRefused() {
        Path study = study("--no-record");
        assertThat(Ran.here("records", "export", study, "--format", "lmops", "--out", folder.resolve("lmops")))
                .isEqualTo(new Ran(
                        65, "", "The study in " + study + " recorded nothing. Measure it again with --record.\n"));
    }

    @Test
    void aFolderWithoutAStudyIsRefused() {
        assertThat(Ran.here("records", "export", folder, "--format", "lmops", "--out", folder.resolve("lmops")))
                .isEqualTo(new Ran(
                        65,
                        "",
                        "There is no " + folder.resolve("results.json")
                                + "; STUDY has to be a folder that run wrote (--out).\n"));
    }

    private Path study(String record) {
        Path study = folder.resolve("study");
        Ran ran = Ran.here(
                "run",
                "--model",
                MINI,
                "--datasets",
                "topics",
                "--shots",
                "0,5",
                "--seeds",
                1,
                "--limit",
                ROWS,
                "--learning-rate",
                0.01,
                record,
                "--out",
                study);
        assertThat(ran.code()).as(ran.errors()).isZero();
        assertThat(ran.out()).contains("Results: " + study.resolve("results.json") + "\n");
        return study;
    }
}
