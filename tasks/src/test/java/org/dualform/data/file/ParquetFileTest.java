package org.dualform.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetReader;
import org.dualform.data.LabelledRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetFileTest {
    private static final MessageType COLUMNS = MessageTypeParser.parseMessageType("message row {"
            + " optional binary sentence (STRING); optional int64 label; optional double score; optional binary raw;"
            + " optional group tags (LIST) { repeated group list { optional binary element (STRING); } } }");
    private static final String DESCRIPTION = "{\"info\": {\"features\": {\"label\": {\"names\": [\"bad\", \"good\"],"
            + " \"_type\": \"ClassLabel\"}, \"sentence\": {\"dtype\": \"string\", \"_type\": \"Value\"}}}}";

    @TempDir
    Path folder;

    private void write(String name, Map<String, String> metadata, CompressionCodecName codec, Object[]... rows)
            throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(folder.resolve(name)))
                .withType(COLUMNS)
                .withExtraMetaData(metadata)
                .withCompressionCodec(codec)
                .withCodecFactory(new TestCodecs())
                .build()) {
            for (Object[] row : rows) {
                Group group = new SimpleGroupFactory(COLUMNS).newGroup();
                if (row[0] != null) group.add("sentence", (String) row[0]);
                if (row[1] != null) group.add("label", ((Number) row[1]).longValue());
                group.add("score", 0.5);
                group.addGroup("tags").addGroup("list").add("element", "a tag");
                writer.write(group);
            }
        }
    }

    private static Object[] row(String sentence, Integer label) {
        return new Object[] {sentence, label};
    }

    private Dataset read() {
        return DatasetReader.read(folder, "auto", Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void aFolderOfParquetIsRead(CompressionCodecName codec) throws IOException {
        write("train.parquet", Map.of("huggingface", DESCRIPTION), codec, row("é fine", 1), row("poor", 0));
        write("test.parquet", Map.of(), codec, row("so so", 1));
        Dataset data = read();
        assertThat(data.labels()).containsExactly("bad", "good");
        assertThat(data.train())
                .extracting(LabelledRow::fields)
                .containsExactly(Map.of("sentence", "é fine"), Map.of("sentence", "poor"));
        assertThat(data.train()).extracting(LabelledRow::label).containsExactly(1, 0);
        assertThat(data.evaluationSplit()).isEqualTo("test");
    }

    @ParameterizedTest
    @EnumSource(names = {"BROTLI", "LZO", "LZ4"})
    void aCodecThatIsNotReadIsNamed(CompressionCodecName codec) throws IOException {
        write("train.parquet", Map.of(), codec, row("a", 1));
        write("test.parquet", Map.of(), CompressionCodecName.SNAPPY, row("b", 1));
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("train.parquet: compressed by " + codec + ", which is not read")
                .hasMessageContaining("GZIP, LZ4_RAW, SNAPPY, UNCOMPRESSED, ZSTD");
    }

    @Test
    void everyCodecIsReadOrRefused() {
        assertThat(CompressionCodecName.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW", "BROTLI", "LZO", "LZ4");
    }

    @Test
    void partsMayBeNamedAsOlderToolsDo() throws IOException {
        write("train-00000-of-00002-0123456789abcdef.parquet", Map.of(), CompressionCodecName.SNAPPY, row("a", 0));
        write("train-00001-of-00002-fedcba9876543210.parquet", Map.of(), CompressionCodecName.SNAPPY, row("b", 1));
        write("test-00000-of-00001-0a0b0c0d0e0f0a0b.PARQUET", Map.of(), CompressionCodecName.SNAPPY, row("c", 1));
        assertThat(read().train()).extracting(row -> row.field("sentence")).containsExactly("a", "b");
        assertThat(read().evaluation()).extracting(row -> row.field("sentence")).containsExactly("c");
        write("train-00001-of-00002.parquet", Map.of(), CompressionCodecName.SNAPPY, row("d", 1));
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is there more than once")
                .hasMessageContaining("train-00001-of-00002-fedcba9876543210.parquet, train-00001-of-00002.parquet");
    }

    @Test
    void partsAreOneSplit() throws IOException {
        for (int i = 0; i < 3; i++) {
            write(
                    "train-0000" + i + "-of-00003.parquet",
                    Map.of(),
                    CompressionCodecName.SNAPPY,
                    row("row " + i, i % 2));
        }
        write("validation-00000-of-00001.parquet", Map.of(), CompressionCodecName.SNAPPY, row("v", 0));
        assertThat(read().train()).extracting(row -> row.field("sentence")).containsExactly("row 0", "row 1", "row 2");
        assertThat(read().evaluationSplit()).isEqualTo("validation");
        Files.delete(folder.resolve("train-00001-of-00003.parquet"));
        assertThatThrownBy(this::read).isInstanceOf(UserException.class).hasMessageContaining("2 of 3 parts");
    }

    @Test
    void mistakesAreToldWithTheirRows() throws IOException {
        write(
                "train.parquet",
                Map.of("huggingface", DESCRIPTION),
                CompressionCodecName.SNAPPY,
                row("a", 0),
                row("b", null),
                row("c", null));
        write("test.parquet", Map.of(), CompressionCodecName.SNAPPY, row("d", 0));
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("train.parquet: row 2: the field 'label' is missing")
                .hasMessageContaining("row 3");
    }

    @Test
    void aDamagedFileIsTold() throws IOException {
        write("test.parquet", Map.of(), CompressionCodecName.SNAPPY, row("d", 0));
        byte[] whole = Files.readAllBytes(folder.resolve("test.parquet"));
        for (byte[] damaged : List.of(
                new byte[0],
                "no Parquet at all, though long enough".getBytes(),
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOfRange(whole, 10, whole.length))) {
            Files.write(folder.resolve("train.parquet"), damaged);
            assertThatThrownBy(this::read)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("train.parquet: not readable as Parquet");
        }
    }

    @Test
    void aFileWithoutLabelsNamesItsColumns() throws IOException {
        MessageType other = MessageTypeParser.parseMessageType("message row { required binary question (STRING); }");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        new LocalOutputFile(folder.resolve("train.parquet")))
                .withType(other)
                .build()) {
            writer.write(new SimpleGroupFactory(other).newGroup().append("question", "why"));
        }
        write("test.parquet", Map.of(), CompressionCodecName.SNAPPY, row("d", 0));
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no column 'label'; there are question");
    }
}
