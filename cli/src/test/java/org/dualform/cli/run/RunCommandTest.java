package org.dualform.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a person runs it. */
class RunCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aMistakeLeavesNothingBehind() throws Exception {
        Ran ran = run("--out", folder.resolve("my/study"), "--datasets", "topiks", "--seeds", "1,1");
        assertThat(ran.code()).isEqualTo(64);
        assertThat(ran.errors())
                .contains("no data set 'topiks'", "no model 'mini'", "seeds: 1 is named more than once; name it once.");
        assertThat(folder.resolve("my")).doesNotExist();
    }

    @Test
    void aMistakeLeavesWhatWasThere() throws Exception {
        Path out = Files.createDirectories(folder.resolve("my/study"));
        Path note = Files.writeString(out.resolve("note.txt"), "mine");
        assertThat(run("--out", out, "--datasets", "topiks").code()).isEqualTo(65);
        assertThat(out).isDirectoryContaining(path -> path.equals(note)).isDirectoryNotContaining("glob:**workspace");
        Path used = Files.createDirectories(folder.resolve("used/workspace/results"));
        assertThat(run("--out", folder.resolve("used"), "--datasets", "topiks").code())
                .isEqualTo(65);
        assertThat(used).exists();
    }

    @Test
    void mistakesOfSeveralSpecsAreToldTogether() throws Exception {
        Path one = Files.writeString(folder.resolve("one.yaml"), "model: mini\ndatasets: [topics]\nlimit: -1\n");
        Path two = Files.writeString(folder.resolve("two.yaml"), "model: mini\ndatasets: [topics]\nseeds: [1, 1]\n");
        Ran ran = run("--spec", one, two, "--out", folder.resolve("out"));
        assertThat(ran.code()).isEqualTo(64);
        assertThat(ran.errors()).contains("one.yaml: ", "limit", "two.yaml: ", "named more than once");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void studiesThatWouldShareAFolderAreRefused() throws Exception {
        Path one = Files.writeString(folder.resolve("one.yaml"), "model: mini\ndatasets: [topics]\n");
        Path same = Files.writeString(
                Files.createDirectories(folder.resolve("b")).resolve("one.json"), "{\"model\": \"mini\"}");
        Ran ran = run("--spec", one, same, "--out", folder.resolve("out"));
        assertThat(ran.code()).isEqualTo(64);
        assertThat(ran.errors()).contains("would both write to");
    }

    @Test
    void aStudyThatCannotBeMeasuredDoesNotStopTheNext() throws Exception {
        Path one = Files.writeString(folder.resolve("one.yaml"), "model: mini\ndatasets: [topiks]\n");
        Path two = Files.writeString(folder.resolve("two.yaml"), "model: mini\ndatasets: [sentimend]\n");
        Ran ran = run("--spec", one, two, "--out", folder.resolve("out"));
        assertThat(ran.code()).isEqualTo(65);
        assertThat(ran.out()).contains("Study 1 of 2", "topiks", "Study 2 of 2", "sentimend");
    }

    private Ran run(Object... words) throws Exception {
        Object[] all = new Object[words.length + 1];
        all[0] = "run";
        System.arraycopy(words, 0, all, 1, words.length);
        return Ran.apart(folder, Map.of("DUALFORM_HOME", folder.resolve("home").toString()), all);
    }
}
