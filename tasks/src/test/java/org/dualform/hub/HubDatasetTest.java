package org.dualform.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDatasetTest {
    private static final Set<String> SPLITS = Set.of("train", "validation", "test");

    @TempDir
    Path home;

    private FakeHub server;

    @BeforeEach
    void start() {
        server = new FakeHub();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Fetched fetch(String reference) {
        try (Hub hub = server.open(home)) {
            HubName name = HubName.parse(RepoKind.DATASET, reference).orElseThrow();
            return hub.dataset(name, SPLITS, home.resolve("laid"), Progress.none(), line -> {});
        }
    }

    private static Set<String> names(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void files(String... paths) {
        for (String path : paths) server.with(path, "content of " + path);
    }

    private void readme(String... yaml) {
        server.with("README.md", "---\n" + String.join("\n", yaml) + "\n---\n# About\n");
    }

    @Test
    void theCardTellsFilesAndLabels() throws Exception {
        readme(
                "dataset_info:",
                "- config_name: first",
                "  features:",
                "  - name: text",
                "    dtype: string",
                "  - name: label",
                "    dtype:",
                "      class_label:",
                "        names:",
                "          '0': neg",
                "          '1': pos",
                "configs:",
                "- config_name: first",
                "  default: true",
                "  data_files:",
                "  - split: train",
                "    path: first/train-*",
                "  - split: test",
                "    path: first/test-*",
                "  - split: unsupervised",
                "    path: first/unsupervised-*",
                "- config_name: second",
                "  data_files:",
                "  - split: train",
                "    path: 'second/*.csv'");
        files(
                "first/train-00000-of-00002.parquet",
                "first/train-00001-of-00002.parquet",
                "first/test-00000-of-00001.parquet",
                "first/unsupervised-00000-of-00001.parquet",
                "second/a.csv");
        Fetched fetched = fetch("acme/tiny");
        assertThat(fetched.origin()).isEqualTo("acme/tiny:first@" + FakeHub.COMMIT);
        assertThat(fetched.folder()).hasFileName("tiny");
        assertThat(names(fetched.folder()))
                .containsExactly(
                        "labels.json", "test.parquet", "train-00000-of-00002.parquet", "train-00001-of-00002.parquet");
        assertThat(fetched.folder().resolve("train-00001-of-00002.parquet"))
                .hasContent("content of first/train-00001-of-00002.parquet");
        assertThat(Files.readString(fetched.folder().resolve("labels.json"))).contains("\"0\" : \"neg\"");
        assertThat(server.seen).noneMatch(request -> request.path().contains("unsupervised"));

        Fetched second = fetch("acme/tiny:second");
        assertThat(second.folder()).hasFileName("second");
        assertThat(names(second.folder())).containsExactly("train.csv");
        assertThatThrownBy(() -> fetch("acme/tiny:third"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("first, second");
    }

    @Test
    void withoutACardNamesTell() throws Exception {
        files(
                "data/train-00000-of-00001.parquet",
                "data/dev-00000-of-00001.parquet",
                "data/train.csv",
                "dataset_infos.json",
                ".gitattributes");
        assertThat(names(fetch("acme/tiny").folder())).containsExactly("train.parquet", "validation.parquet");
    }

    @Test
    void foldersAreConfigurations() throws Exception {
        files("sst2/train.jsonl", "sst2/validation.jsonl", "mr/train/0.json", "mr/test/0.json");
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("acme/tiny:mr")
                .hasMessageContaining("mr, sst2");
        Fetched sst2 = fetch("acme/tiny:sst2");
        assertThat(sst2.folder()).hasFileName("sst2");
        assertThat(names(sst2.folder())).containsExactly("train.jsonl", "validation.jsonl");
        assertThat(names(fetch("acme/tiny:mr").folder())).containsExactly("test.json", "train.json");
    }

    @Test
    void severalPatternsAndFoldersOfACard() throws Exception {
        readme(
                "configs:",
                "- config_name: default",
                "  data_files:",
                "    train: ['**/a*.csv', '**/b*.csv']",
                "    test: ./t.csv",
                "- config_name: inner",
                "  data_dir: inner");
        files("a1.csv", "deep/a2.csv", "b.csv", "t.csv", "inner/train.csv", "inner/valid.csv");
        assertThat(names(fetch("acme/tiny").folder()))
                .containsExactly(
                        "test.csv", "train-00000-of-00003.csv", "train-00001-of-00003.csv", "train-00002-of-00003.csv");
        assertThat(names(fetch("acme/tiny:inner").folder())).containsExactly("train.csv", "validation.csv");
    }

    @Test
    void aSplitIsTakenOnceWhateverItsEndings() throws Exception {
        files("train.jsonl", "train.json", "train.jsonl.gz", "dev.NDJSON.GZ", "test.csv");
        Path folder = fetch("acme/tiny").folder();
        assertThat(names(folder)).containsExactly("train.jsonl", "validation.NDJSON.GZ");
        // An earlier version may have laid the same split under another ending.
        Files.createSymbolicLink(folder.resolve("train.json"), folder.resolve("train.jsonl"));
        Files.writeString(folder.resolve("extra.jsonl"), "another split");
        assertThat(names(fetch("acme/tiny").folder()))
                .containsExactly("extra.jsonl", "train.jsonl", "validation.NDJSON.GZ");
    }

    @Test
    void scriptsAreRefusedWithTheWayOut() {
        files("tiny.py", "data.zip");
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("acme/tiny@refs/convert/parquet");
    }

    @Test
    void aBrokenCardSaysNothing() throws Exception {
        server.with("README.md", "---\nconfigs: [ {\n---\n");
        files("train.csv", "test.csv");
        assertThat(names(fetch("acme/tiny").folder())).containsExactly("test.csv", "train.csv");
    }

    @Test
    void aMissingDataSetIsToldAsOne() {
        assertThatThrownBy(() -> fetch("acme/none")).hasMessageContaining("There is no data set acme/none");
        assertThat(server.seen.get(0).path()).isEqualTo("/api/datasets/acme/none/revision/main");
    }

    @Test
    void namesHaveAForm() {
        for (String good : List.of("a/b", "a-1/b.c_d", "a/b@v1", "a/b@refs/pr/3", "a/b:c", "a/b:c-1.0@main")) {
            assertThat(HubName.parse(RepoKind.DATASET, good)).as(good).isPresent();
        }
        for (String bad : Arrays.asList(
                "a",
                "./a",
                "/a/b",
                "a/b/c",
                "../a",
                "a/..",
                "a/b@../x",
                "a--b/c",
                "a/b ",
                "a/.b",
                "-a/b",
                "a/b@",
                "")) {
            assertThat(HubName.parse(RepoKind.DATASET, bad)).as(bad).isEmpty();
        }
        assertThat(HubName.parse(RepoKind.MODEL, "a/b:c")).isEmpty();
    }
}
