package org.dualform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetReaderTest {
    @TempDir
    Path folder;

    @BeforeEach
    void aSmallDataSet() throws IOException {
        write("labels.json", "{\"0\": \"bad\", \"1\": \"good\"}");
        write("train.jsonl", "{\"text\": \"a\", \"label\": 0}\n{\"text\": \"b\", \"label\": \"good\", \"id\": 7}\n");
        write("validation.jsonl", "{\"text\": \"c\", \"label\": 1}\n");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private Dataset read() {
        return DatasetReader.read(folder, "auto", Optional.empty());
    }

    @Test
    void aFolderIsRead() {
        Dataset data = read();
        assertThat(data.labels()).containsExactly("bad", "good");
        assertThat(data.train()).extracting(LabelledRow::id).containsExactly("train/0", "train/1");
        assertThat(data.train()).extracting(LabelledRow::label).containsExactly(0, 1);
        assertThat(data.evaluationSplit()).isEqualTo("validation");
        assertThat(data.evaluation().get(0).field("text")).isEqualTo("c");
        assertThat(data.notes()).isEmpty();
        assertThat(data.absentLabels(data.evaluation())).containsExactly("bad");
    }

    @Test
    void theHashIsThatOfSha256sum() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sha256sum labels.json train.jsonl validation.jsonl | sha256sum")
                .directory(folder.toFile())
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed).startsWith(read().sha256());
    }

    @Test
    void theHashKnowsTheFilesUsedOnly() throws IOException {
        String before = read().sha256();
        write("test.jsonl", "not even JSON\n");
        assertThat(read().sha256()).isEqualTo(before);
        write("validation.jsonl", "{\"text\": \"d\", \"label\": 1}\n");
        assertThat(read().sha256()).isNotEqualTo(before);
    }

    @Test
    void everyBadLineIsToldWithFileAndNumber() throws IOException {
        Files.write(
                folder.resolve("train.jsonl"),
                "{\"text\": \"a\", \"label\": 0}\n\n{\"text\": \nnull\n{\"text\": \"a\"}\n{\"text\": \"a\", \"label\": 1.5}\n\"\u00e9\"\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                .message()
                .startsWith("6 mistakes")
                .contains("train.jsonl:2: an empty line")
                .contains("train.jsonl:3: not JSON")
                .contains("train.jsonl:4: not a JSON object")
                .contains("train.jsonl:5: the field 'label' is missing")
                .contains("train.jsonl:6: 'label' has to be an index or a name, not 1.5")
                .contains("train.jsonl:7: not UTF-8");
    }

    @Test
    void aLongListOfMistakesIsCut() throws IOException {
        write("train.jsonl", "\n".repeat(50));
        assertThatThrownBy(this::read).hasMessageContaining(":20: ").hasMessageContaining("and 30 more");
    }

    @Test
    void labelsHaveToBeDeclared() throws IOException {
        write("validation.jsonl", "{\"text\": \"c\", \"label\": 2}\n{\"text\": \"c\", \"label\": \"fine\"}\n");
        assertThatThrownBy(this::read)
                .hasMessageContaining(
                        "validation.jsonl:1: the label '2' is not one of the data set's (0 = bad, 1 = good)")
                .hasMessageContaining("validation.jsonl:2: the label 'fine'");
        write("labels.json", "{\"1\": \"bad\", \"2\": \"good\"}");
        assertThatThrownBy(this::read).hasMessageContaining("labels.json");
    }

    @Test
    void withoutLabelsFileTheRowsNamesAreTheLabels() throws IOException {
        Files.delete(folder.resolve("labels.json"));
        write("train.jsonl", "{\"text\": \"a\", \"label\": \"yes\"}\n{\"text\": \"b\", \"label\": \"no\"}\n");
        write("validation.jsonl", "{\"text\": \"a\", \"label\": \"yes\"}\n");
        assertThat(read().labels()).containsExactly("no", "yes");
    }

    @Test
    void theEvaluationSplitIsTheOneAskedForElseTheTemplatesElseValidation() throws IOException {
        write("test.jsonl", "{\"text\": \"t\", \"label\": 1}\n");
        assertThat(DatasetReader.read(folder, "auto", Optional.of("test")).evaluationSplit())
                .isEqualTo("test");
        assertThat(DatasetReader.read(folder, "auto", Optional.of("other")).evaluationSplit())
                .isEqualTo("validation");
        assertThat(DatasetReader.read(folder, "test", Optional.of("validation")).evaluationSplit())
                .isEqualTo("test");
        assertThatThrownBy(() -> DatasetReader.read(folder, "tset", Optional.empty()))
                .hasMessageContaining("did you mean test");
        assertThatThrownBy(() -> DatasetReader.read(folder, "train", Optional.empty()))
                .hasMessageContaining("cannot come from train");
        Files.delete(folder.resolve("validation.jsonl"));
        assertThat(read().evaluationSplit()).isEqualTo("test");
        Files.delete(folder.resolve("test.jsonl"));
        assertThatThrownBy(this::read).hasMessageContaining("nothing to evaluate on");
    }

    @Test
    void aSingleFileIsSplitAndSaysSo() throws IOException {
        StringBuilder csv = new StringBuilder("\uFEFFtext,label\n\"two\nlines, quoted\",spam\n");
        for (int i = 1; i < 10; i++) csv.append("text ").append(i).append(i % 2 == 0 ? ",spam\n" : ",ham\n");
        Path file =
                Files.writeString(Files.createDirectory(folder.resolve("csv")).resolve("mails.csv"), csv);
        Dataset data = DatasetReader.read(file, "auto", Optional.empty());
        assertThat(data.name()).isEqualTo("mails");
        assertThat(data.labels()).containsExactly("ham", "spam");
        assertThat(data.train()).hasSize(8);
        assertThat(data.evaluation()).hasSize(2);
        assertThat(data.notes()).singleElement().asString().contains("2 of its 10 rows are held out", "rows-v1");
        assertThat(DatasetReader.read(file, "auto", Optional.empty())).isEqualTo(data);
    }

    @Test
    void badCsvIsToldWithItsLine() throws IOException {
        Path file = folder.resolve("bad.csv");
        Files.writeString(file, "text,label\n\"a\nb\",x\nonly one\n\nc,\nd,y\n");
        assertThatThrownBy(() -> DatasetReader.read(file, "auto", Optional.empty()))
                .hasMessageContaining("bad.csv:4: 1 values where the header has 2")
                .hasMessageContaining("bad.csv:5: an empty line")
                .hasMessageContaining("bad.csv:6: the field 'label' is missing");
        Files.writeString(file, "text,class\na,b\n");
        assertThatThrownBy(() -> DatasetReader.read(file, "auto", Optional.empty()))
                .hasMessageContaining("no column 'label'; it has text, class");
    }

    @Test
    void rowsWithoutTheTemplatesFieldsAreTold() throws IOException {
        write(
                "train.jsonl",
                "{\"text\": \"a\", \"label\": 0}\n{\"other\": \"b\", \"label\": 0}\n{\"text\": \" \", \"label\": 0}\n");
        assertThatThrownBy(() -> Dataset.requireFields(List.of("text"), read().train(), "The template t"))
                .hasMessageContaining("train.jsonl:2: the field 'text' is missing")
                .hasMessageContaining("train.jsonl:3: the field 'text' is empty");
        assertThatThrownBy(() -> Dataset.requireFields(List.of("premise"), read().train(), "The template t"))
                .hasMessageContaining("The template t needs the fields premise; the rows have other, text");
    }

    @Test
    void namesAreLookedUpInTheRootsThenAmongTheBuiltIns() throws IOException {
        BuiltinDatasets builtin = new BuiltinDatasets() {
            @Override
            public List<String> names() {
                return List.of("topics", "mine");
            }

            @Override
            public Path folder(String name, Path home) {
                return home.resolve(name);
            }
        };
        Path root = Files.createDirectories(folder.resolve("root/mine"));
        Files.copy(folder.resolve("train.jsonl"), root.resolve("train.jsonl"));
        DatasetLocator locator =
                new DatasetLocator(List.of(folder.resolve("root")), List.of(builtin), folder.resolve("home"));
        assertThat(locator.locate("mine")).isEqualTo(root);
        assertThat(locator.locate("topics")).isEqualTo(folder.resolve("home/datasets/topics"));
        assertThat(locator.locate(folder.toString())).isEqualTo(folder);
        assertThat(locator.named()).extracting(DatasetLocator.Named::name).containsExactly("topics", "mine");
        assertThatThrownBy(() -> locator.locate("topic"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("did you mean topics");
        assertThatThrownBy(() -> locator.locate(folder.resolve("root").toString()))
                .hasMessageContaining("train.jsonl is missing");
    }

    @Test
    void twoFilesOfOneSplitAreRefused() throws IOException {
        for (String other : List.of("train.csv", "train.JSONL", "train.jsonl.gz", "train-00000-of-00001.parquet")) {
            write(other, "text,label\n");
            assertThatThrownBy(this::read)
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                    .hasMessageContaining("The split train in " + folder + " is there more than once")
                    .hasMessageContaining(other)
                    .hasMessageContaining("train.jsonl");
            Files.delete(folder.resolve(other));
        }
        write("test.csv", "text,label\n");
        write("test.tsv", "text\tlabel\n");
        write("dataset_info.json", "{}");
        assertThat(read().evaluationSplit())
                .as("what is not used disturbs nobody")
                .isEqualTo("validation");
    }

    @Test
    void theMistakesOfAllFilesAreToldAtOnce() throws IOException {
        Files.delete(folder.resolve("validation.jsonl"));
        write("train.jsonl", "{\"text\": \"a\"}\n");
        write("test.csv", "text,label\nonly one\n");
        assertThatThrownBy(this::read)
                .hasMessageContaining("train.jsonl:1: the field 'label' is missing")
                .hasMessageContaining("test.csv:2: 1 values where the header has 2");
    }

    @Test
    void whatTheReaderAssumedIsANote() throws IOException {
        Files.delete(folder.resolve("train.jsonl"));
        write("train.tsv", "\ttext\tlabel\n0\t\"a\" or b\tgood\n1\t\"c\"\tbad\n");
        assertThat(read().notes())
                .hasSize(2)
                .anySatisfy(note -> assertThat(note).contains("train.tsv:3: a value stands in quotes"))
                .anySatisfy(note -> assertThat(note).contains("the first column has no name and is not used"));
    }

    @Test
    void whatIsThereIsToldWhereASplitIsMissing() throws IOException {
        Files.move(folder.resolve("validation.jsonl"), folder.resolve("dev.jsonl"));
        assertThatThrownBy(this::read)
                .hasMessageContaining("nothing to evaluate on. Name one of its splits with" + " --split: dev.");
        Files.move(folder.resolve("train.jsonl"), folder.resolve("Train.jsonl"));
        assertThatThrownBy(this::read)
                .hasMessageContaining("train.jsonl is missing")
                .hasMessageContaining("It holds the splits Train, dev.");
    }

    @Test
    void anEndingThatTellsNoFormatIsRefused() throws IOException {
        for (String name : List.of("mails.txt", "mails", "mails.xlsx", "mails.parquet.gz", "mails.csv.zst")) {
            write(name, "text,label\na,0\n");
            assertThatThrownBy(() -> DatasetReader.read(folder.resolve(name), "auto", Optional.empty()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("The ending of " + folder.resolve(name) + " tells no format")
                    .hasMessageContaining(".jsonl, .ndjson, .json, .csv, .tsv (each also with .gz) or .parquet");
        }
        assertThatThrownBy(() -> DatasetReader.read(folder.resolve("gone.csv"), "auto", Optional.empty()))
                .hasMessageContaining("gone.csv cannot be read: it does not exist.");
    }

    @Test
    void aLabelsFileMayBeginWithAByteOrderMark() throws IOException {
        write("labels.json", "\uFEFF{\"0\": \"bad\", \"1\": \"good\"}");
        assertThat(read().labels()).containsExactly("bad", "good");
        write("labels.json", "{\"0\": \"bad\", \"0\": \"good\"}");
        assertThatThrownBy(this::read).hasMessageContaining("labels.json: not JSON, or with a key that stands twice");
    }
}
