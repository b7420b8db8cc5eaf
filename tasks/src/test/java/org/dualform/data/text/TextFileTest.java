package org.dualform.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dualform.base.DataFileName;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of text, each as a user's program writes it. */
class TextFileTest {
    private final Remarks remarks = new Remarks();

    private List<RawRow> read(String name, byte[] content) {
        return TextFile.read(name, DataFileName.of(name).orElseThrow(), content, remarks);
    }

    private List<RawRow> read(String name, String content) {
        return read(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(List<RawRow> rows) {
        return rows.stream().map(row -> row.fields().get("text")).toList();
    }

    private String mistake() {
        return String.join("\n", remarks.mistakes());
    }

    private String note() {
        return String.join("\n", remarks.notes());
    }

    @Test
    void plainTsvKnowsNoQuotesAndKeepsBlanks() {
        List<RawRow> rows = read(
                "a.tsv",
                "text\tlabel\n\"so\" he said\t0\n\"begins\t1\nin between\t0\nends\"\t1\n he left \t0\n\"whole\"\t1\n");
        assertThat(texts(rows))
                .containsExactly("\"so\" he said", "\"begins", "in between", "ends\"", " he left ", "\"whole\"");
        assertThat(rows).extracting(RawRow::label).containsExactly("0", "1", "0", "1", "0", "1");
        assertThat(remarks.mistakes()).isEmpty();
        assertThat(note()).contains("a.tsv:7: a value stands in quotes", "1 values of the file");
    }

    @Test
    void quotesThroughoutATsvAreMarksAndItSaysSo() {
        assertThat(texts(read("a.tsv", "\"text\"\t\"label\"\n\"one\tor two\nlines \"\t\"x\"\n\"b\"\"c\"\t\"y\"\n")))
                .containsExactly("one\tor two\nlines ", "b\"c");
        assertThat(note()).contains("a.tsv: the header's names stand in quotes, so quotes were read as in CSV");
        assertThat(texts(read("b.tsv", "text\tlabel\n\"one \"\tx\n\"two\"\ty\n")))
                .containsExactly("one ", "two");
        assertThat(note()).contains("b.tsv: every value of the column text stands in quotes");
        assertThat(texts(read("c.tsv", "text\tlabel\n\"\"\"so\"\" he said\"\tx\ntwo\ty\n")))
                .containsExactly("\"so\" he said", "two");
        assertThat(note()).contains("c.tsv: all quote marks inside of quotes are doubled");
        assertThat(remarks.mistakes()).isEmpty();
    }

    @Test
    void aTsvValueCannotHoldALineBreak() {
        read("a.tsv", "text\tlabel\nfine\t0\n\"one\ntwo\"\t1\n\nx\ty\tz\n");
        assertThat(remarks.mistakes()).hasSize(3);
        assertThat(mistake())
                .contains("a.tsv:3: a value begins with a quote mark and does not end on this line")
                .contains("a.tsv:5: an empty line")
                .contains("a.tsv:6: 3 values where the header has 2");
    }

    @Test
    void csvKeepsBlanksAndTellsWhereQuotesAreWrong() {
        assertThat(texts(read("a.csv", " text , label\r\n he left ,1\r\n\"a, \"\"b\"\"\nc\", 0 \r\n")))
                .containsExactly(" he left ", "a, \"b\"\nc");
        assertThat(remarks.mistakes()).isEmpty();
        read("b.csv", "text,label\nfine,0\n\"so\" he said,1\n");
        read("c.csv", "text,label\nfine,0\n\"never closed,1\nfine,1\n");
        assertThat(mistake())
                .contains("b.csv:3: the quotes of the row that begins here are not right")
                .contains("c.csv:3: the quotes of the row");
    }

    @ParameterizedTest
    @CsvSource({"csv,','", "tsv,'\t'"})
    void headersAreChecked(String ending, String delimiter) {
        String file = "a." + ending;
        List<String> headers =
                List.of("", "text,label\n", "text,text,label\na,b,0\n", "text,,label\na,b,0\n", "x,Label\n");
        for (String text : headers)
            assertThat(read(file, text.replace(",", delimiter))).isEmpty();
        assertThat(remarks.mistakes())
                .satisfiesExactly(
                        m -> assertThat(m)
                                .isEqualTo(file + ": the file is empty; its first line has to name the"
                                        + " columns, one of them 'label'."),
                        m -> assertThat(m).contains(":1: two columns have the name 'text'"),
                        m -> assertThat(m).contains(":1: column 2 has no name"),
                        m -> assertThat(m).contains("no column 'label'; it has x, Label"));
    }

    @Test
    void aColumnOfRowNumbersIsLeftOut() {
        List<RawRow> rows = read("a.csv", ",text,label\n0,a,x\n17,b,y\n");
        assertThat(rows).extracting(RawRow::fields).extracting("text").containsExactly("a", "b");
        assertThat(rows.get(0).fields()).containsOnlyKeys("text");
        assertThat(note()).contains("a.csv: the first column has no name and is not used", "index=False");
        read("b.csv", ",text,label\n0,a,x\nfirst,b,y\nsecond,c,y\n");
        assertThat(remarks.mistakes()).singleElement().asString().contains("b.csv:3: the first column", "'first'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.ndjson", "a.JSONL", "a.json", "a.Json"})
    void jsonLinesAreReadUnderEveryEnding(String name) {
        assertThat(texts(
                        read(name, "\uFEFF{\"text\": \"a\", \"label\": 0}\r\n{\"text\": \"b\", \"label\": \"x\"}\r\n")))
                .containsExactly("a", "b");
        assertThat(remarks.mistakes()).isEmpty();
    }

    @Test
    void jsonMayBeAnArrayOrObjectsOverSeveralLines() {
        String rows = "{\"text\": \"a\",\n \"label\": 0}%s\n{\"text\": \"b\", \"label\": 1}";
        assertThat(texts(read("a.json", "\n[" + rows.formatted(",") + "]"))).containsExactly("a", "b");
        assertThat(texts(read("a.json", rows.formatted("")))).containsExactly("a", "b");
        assertThat(remarks.mistakes()).isEmpty();
        read("b.json", "[\n{\"text\": \"a\", \"label\": 0},\n7,\n{\"text\": \"b\"},\n{\"text\": oh}]");
        read("c.json", "{\"text\": {\"0\": \"a\"}, \"label\": {\"0\": 1}}");
        assertThat(remarks.mistakes()).hasSize(4);
        assertThat(mistake())
                .contains("b.json:3: not a JSON object; the file has to be an array")
                .contains("b.json:4: the field 'label' is missing")
                .contains("b.json:5: not JSON (column 10)")
                .contains("c.json:1: 'label' has to be an index or a name, not an object.")
                .contains("to_json(orient=\"records\")");
    }

    @Test
    void jsonOfAnySizeIsJson() {
        String long20 = "x".repeat(20_000_001);
        String deep = "[".repeat(1500) + "]".repeat(1500);
        String line = "{\"text\": \"%s\", \"n\": %s, \"deep\": %s, \"label\": 1}\n";
        List<RawRow> rows = read("a.jsonl", line.formatted(long20, "1".repeat(1500) + ".5", deep));
        assertThat(remarks.mistakes()).isEmpty();
        assertThat(rows.get(0).fields().get("text")).hasSize(20_000_001);
        read(
                "a.jsonl",
                "{\"label\": " + deep + "}\n{\"text\": \"a\", \"text\": \"b\", \"label\": 1}\n{} {}\n{\"label\":\n");
        assertThat(mistake())
                .contains("a.jsonl:1: 'label' has to be an index or a name, not an array.")
                .contains("a.jsonl:2: a key stands twice")
                .contains("a.jsonl:3: more than one JSON value")
                .contains("a.jsonl:4: not JSON (column");
        assertThat(mistake().length()).isLessThan(1000);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(out)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void textsMayBeCompressedByGzip() throws IOException {
        assertThat(texts(read("a.CSV.gz", gzip("text,label\na,0\n")))).containsExactly("a");
        assertThat(texts(read("a.tsv.GZ", gzip("text\tlabel\na \t0\n")))).containsExactly("a ");
        assertThat(texts(read("a.jsonl.gz", gzip("{\"text\": \"a\", \"label\": 0}\n"))))
                .containsExactly("a");
        assertThat(remarks.mistakes()).isEmpty();
        read("b.csv.gz", "text,label\n");
        read("c.csv", gzip("text,label\n"));
        assertThat(mistake())
                .contains("b.csv.gz: the ending says gzip, but")
                .contains("c.csv: this is compressed by gzip; give it the ending .gz");
    }

    @Test
    void contentThatIsNoUtf8TextIsCalledWhatItIs() {
        for (String name : List.of("a.csv", "a.tsv", "a.jsonl", "a.json")) {
            Remarks before = new Remarks();
            List<RawRow> none = TextFile.read(
                    name,
                    DataFileName.of(name).orElseThrow(),
                    "\uFEFFtext\tlabel\na\t0\n".getBytes(StandardCharsets.UTF_16LE),
                    before);
            assertThat(none).isEmpty();
            assertThat(before.mistakes()).containsExactly(name + ": this is in UTF-16; save the file as UTF-8.");
        }
        read("b.csv", "text,label\na,0\n".getBytes(StandardCharsets.UTF_16BE));
        read("c.tsv", "text\tlabel\na\u0000b\t0\n");
        read("d.csv", "PAR1...");
        read("e.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
        read("f.csv", "text,label\ncafé,0\n".getBytes(Charset.forName("windows-1252")));
        assertThat(remarks.mistakes())
                .satisfiesExactly(
                        m -> assertThat(m).startsWith("b.csv:1: a NUL byte"),
                        m -> assertThat(m).startsWith("c.tsv:2: a NUL byte"),
                        m -> assertThat(m).isEqualTo("d.csv: this is a Parquet file; give it the ending .parquet."),
                        m -> assertThat(m).startsWith("e.jsonl: this is a pointer of Git LFS"),
                        m -> assertThat(m).isEqualTo("f.csv:2: not UTF-8; save the file as UTF-8."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesMayEndAsOnAnySystem(String newline) {
        for (String name : List.of("a.csv", "a.tsv"))
            assertThat(texts(read(
                            name,
                            "\uFEFFtext,label\na,0\nb,1\n"
                                    .replace("\n", newline)
                                    .replace(",", name.endsWith("tsv") ? "\t" : ","))))
                    .containsExactly("a", "b");
        String jsonl = "{\"text\": \"a\", \"label\": 0}\n{\"text\": \"b\", \"label\": 1}\n";
        assertThat(texts(read("a.jsonl", jsonl.replace("\n", newline)))).containsExactly("a", "b");
        assertThat(remarks.mistakes()).isEmpty();
    }
}
