package org.dualform.score.similarity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.record.RecordShape;
import org.dualform.record.SettingRecords;

/**
 * Writes a cell's records as the JSON lines that the analysis scripts of Dai et al. 2022 read. Each setting has a folder,
 * and in it one object for each row ({@code zs}, {@code icl}, {@code ftzs}) or demonstration ({@code ft}).
 *
 * <pre>
 * self_attn_out_hiddens  [L][d]      L layers, d width of the residual stream
 * attn_map               [L][H][q]   H heads, q columns of the query, before the softmax
 * attn_map_ctx           [L][C]      C columns: BOS, and each demonstration's with the EOS behind it; icl's first rows
 * attn_q                 [L][e]      e width of all heads' queries; ftzs' first rows
 * attn_q                 [L][T][e]   T tokens of a demonstration, the one before it (BOS) first; ft
 * </pre>
 *
 * A score outside a model's window is written as {@code -Infinity}, which Python's json reads.
 */
public final class OfficialLines {
    private static final String FILE = "record_info.jsonl";

    private final JsonFactory json =
            JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();
    private final CellRecords records;
    private final RecordShape shape;
    private final Path folder;

    /** @param folder of the settings' folders */
    public OfficialLines(CellRecords records, Path folder) {
        this.records = records;
        this.shape = records.shape();
        this.folder = folder;
    }

    /** The right label of a row and the predicted one, as places in the template's order. */
    public record Labels(int gold, int predicted) {}

    /** Writes the fields that only some settings have. */
    private interface More {
        void write(JsonGenerator out, int row) throws IOException;
    }

    /** Writes all four settings. Labels are by row; there must be at least as many as recorded rows. */
    public void write(List<Labels> zsl, List<Labels> icl, List<Labels> ft) throws IOException {
        rows("zs", records.zsl(), zsl, (out, row) -> {});
        rows("icl", records.icl(), icl, this::context);
        rows("ftzs", records.ft(), ft, (out, row) -> {
            out.writeFieldName("attn_q");
            matrix(out, records.ft().queries(row), shape.layers());
        });
        demonstrations();
    }

    private JsonGenerator open(String setting) throws IOException {
        Path file = Files.createDirectories(folder.resolve(setting)).resolve(FILE);
        return json.createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8))
                .setRootValueSeparator(null);
    }

    private void rows(String name, SettingRecords setting, List<Labels> labels, More more) throws IOException {
        try (JsonGenerator out = open(name)) {
            for (int row = 0; row < shape.rows(); row++) {
                out.writeStartObject();
                out.writeFieldName("self_attn_out_hiddens");
                matrix(out, setting.attentionOutput(row), shape.layers());
                out.writeFieldName("attn_map");
                maps(out, setting.queryScores(row));
                if (row < shape.contextRows()) more.write(out, row);
                out.writeNumberField("gold_label", labels.get(row).gold());
                out.writeNumberField("pred_label", labels.get(row).predicted());
                out.writeEndObject();
                out.writeRaw('\n');
            }
        }
    }

    private void context(JsonGenerator out, int row) throws IOException {
        float[] scores = records.icl().contextScores(row);
        out.writeFieldName("attn_map_ctx");
        out.writeStartArray();
        for (int layer = 0; layer < shape.layers(); layer++) {
            int begin = layer * records.contextTokens();
            out.writeStartArray();
            out.writeNumber(scores[begin]);
            for (CellRecords.Columns demonstration : records.demonstrations()) {
                for (int c = demonstration.first(); c <= demonstration.end(); c++) out.writeNumber(scores[begin + c]);
            }
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    private void demonstrations() throws IOException {
        int width = shape.queryWidth();
        try (JsonGenerator out = open("ft")) {
            for (int d = 0; d < records.demonstrations().size(); d++) {
                int tokens = records.demonstrations().get(d).size() + 1; // and the one before, in BOS's place
                out.writeStartObject();
                out.writeFieldName("attn_q");
                out.writeStartArray();
                for (int layer = 0; layer < shape.layers(); layer++) {
                    float[] queries = records.training()
                            .records()
                            .queries(records.training().file(), d, layer);
                    array(out, queries, queries.length - tokens * width, tokens, width);
                }
                out.writeEndArray();
                out.writeEndObject();
                out.writeRaw('\n');
            }
        }
    }

    private void maps(JsonGenerator out, float[] scores) throws IOException {
        int columns = scores.length / shape.layers() / shape.heads();
        out.writeStartArray();
        for (int layer = 0; layer < shape.layers(); layer++) {
            array(out, scores, layer * shape.heads() * columns, shape.heads(), columns);
        }
        out.writeEndArray();
    }

    private static void matrix(JsonGenerator out, float[] values, int rows) throws IOException {
        array(out, values, 0, rows, values.length / rows);
    }

    private static void array(JsonGenerator out, float[] values, int begin, int rows, int columns) throws IOException {
        out.writeStartArray();
        for (int r = 0; r < rows; r++) {
            out.writeStartArray();
            for (int c = 0; c < columns; c++) out.writeNumber(values[begin + r * columns + c]);
            out.writeEndArray();
        }
        out.writeEndArray();
    }
}
