package org.dualform.cli.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.cli.Ran;
import org.dualform.report.paper.ResultsPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesCommandTest {
    private static final Path ROOT = Ran.ROOT;

    @TempDir
    private Path folder;

    @Test
    void theProjectsPageIsWhatItsStudiesSay() throws Exception {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOT.resolve("studies/real"))) {
            files = found.filter(file -> file.toString().endsWith(".results.json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        String page = Files.readString(ROOT.resolve("docs/results.md"));
        assertThat(page.substring(page.indexOf(MarkedPage.MARK)))
                .as("made anew by: ./dualform tables studies/real/*.results.json --out docs/results.md")
                .isEqualTo(MarkedPage.MARK + "\n\n" + new ResultsPage(ResultsFiles.read(files)).markdown());
    }

    @Test
    void whatAPersonWroteAboveTheMarkStays() throws Exception {
        Path page = Files.writeString(folder.resolve("page.md"), "# Mine\n\n" + MarkedPage.MARK + "\nstale text\n");
        assertThat(tables(example(), "--out", page).code()).isZero();
        assertThat(Files.readString(page))
                .startsWith("# Mine\n\n" + MarkedPage.MARK + "\n\n## What was measured")
                .doesNotContain("stale text");
    }

    @Test
    void whatIsKeptMakesTheSamePage() throws Exception {
        Ran whole = tables(example(), "--concise", folder.resolve("kept"));
        Ran kept = tables(folder.resolve("kept/study.results.json"));
        assertThat(kept.out()).isEqualTo(whole.out()).contains("| mini | ICL |");
    }

    @Test
    void everyFileThatIsNoStudyIsNamed() throws Exception {
        Path text = Files.writeString(folder.resolve("text.json"), "no JSON");
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        Ran ran = tables(text, other, folder.resolve("absent"));
        assertThat(ran.code()).isEqualTo(65);
        assertThat(ran.errors()).contains("3 mistakes", "text.json", "other.json", "absent");
    }

    private Path example() throws IOException {
        Path study = Files.createDirectories(folder.resolve("study"));
        return Files.copy(ROOT.resolve("contract/examples/results.json"), study.resolve("results.json"));
    }

    private Ran tables(Object... words) throws Exception {
        Object[] all = new Object[words.length + 1];
        all[0] = "tables";
        System.arraycopy(words, 0, all, 1, words.length);
        return Ran.apart(folder, Map.of(), all);
    }
}
