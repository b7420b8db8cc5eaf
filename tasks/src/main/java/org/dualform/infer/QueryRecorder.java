package org.dualform.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dualform.model.Probe;
import org.dualform.model.part.Architecture;
import org.dualform.record.RecordShape;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;

/**
 * Records one token of every query. It copies that token's rows of each layer's arrays, and writes them at once.
 *
 * <p>Legend: B rows of the chunk, T tokens of its longest row, S columns of the context and T, H query heads, hd width
 * of a head, d width.
 */
final class QueryRecorder implements QueryOnlooker {
    private final RecordWriter writer;
    private final Setting setting;
    private final RecordShape shape;
    private final RecordedToken token;
    private final Architecture architecture;
    private final int contextTokens;

    QueryRecorder(
            RecordWriter writer,
            Setting setting,
            RecordShape shape,
            RecordedToken token,
            Architecture architecture,
            int contextTokens) {
        this.writer = writer;
        this.setting = setting;
        this.shape = shape;
        this.token = token;
        this.architecture = architecture;
        this.contextTokens = contextTokens;
    }

    @Override
    public Probe chunk(List<ChunkRow> rows) {
        return new Probe() {
            @Override
            public void queries(int layer, NDArray q) {
                if (!token.rotated()) keepQueries(rows, layer, q);
            }

            @Override
            public void rotatedQueries(int layer, NDArray q) {
                if (token.rotated()) keepQueries(rows, layer, q);
            }

            @Override
            public boolean seesScores() {
                return true;
            }

            @Override
            public void scores(int layer, NDArray scores) {
                each(rows, (b, row, at) -> keepScores(layer, row.query(), at, scores.get("{}, :, {}", b, at)));
            }

            @Override
            public void attentionOutput(int layer, NDArray a) {
                each(
                        rows,
                        (b, row, at) -> writer.write(
                                setting.attentionOutput(),
                                ((long) row.query() * shape.layers() + layer) * shape.width(),
                                floats(a.get("{}, {}", b, at)))); // (d)
            }
        };
    }

    private interface Keep {
        void keep(int chunkRow, ChunkRow row, int position);
    }

    private void each(List<ChunkRow> rows, Keep keep) {
        for (int b = 0; b < rows.size(); b++) {
            ChunkRow row = rows.get(b);
            if (row.continuation() == token.continuation() && row.query() < shape.rows()) {
                keep.keep(b, row, shape.lengths().get(row.query()) - 1);
            }
        }
    }

    /** @param q (B, H, T, hd) */
    private void keepQueries(List<ChunkRow> rows, int layer, NDArray q) {
        if (setting != Setting.FT) return;
        float scale = (float)
                architecture.scaling().factor(layer, architecture.sizes().headDim());
        each(rows, (b, row, at) -> {
            if (row.query() >= shape.contextRows()) return;
            float[] values = floats(q.get("{}, :, {}", b, at)); // (H, hd)
            for (int i = 0; i < values.length; i++) values[i] *= scale;
            writer.write(setting.queries(), ((long) row.query() * shape.layers() + layer) * shape.queryWidth(), values);
        });
    }

    /** @param scores (H, S), those of the recorded token */
    private void keepScores(int layer, int query, int at, NDArray scores) {
        Shape columns = scores.getShape();
        int all = (int) columns.get(1);
        float[] values = floats(scores);
        int length = at + 1;
        float[] own = new float[shape.heads() * length]; // (H, length)
        for (int h = 0; h < shape.heads(); h++) {
            System.arraycopy(values, h * all + contextTokens, own, h * length, length);
        }
        writer.write(setting.queryScores(), shape.queryScores(query) + (long) layer * own.length, own);
        if (!setting.hasContext() || query >= shape.contextRows()) return;
        float[] context = Arrays.copyOf(values, contextTokens);
        for (int h = 1; h < shape.heads(); h++) {
            for (int c = 0; c < contextTokens; c++) context[c] += values[h * all + c];
        }
        writer.write(setting.contextScores(), ((long) query * shape.layers() + layer) * contextTokens, context);
    }

    private static float[] floats(NDArray array) {
        return array.toFloatArray();
    }
}
