package org.dualform.record;

/**
 * The records of one setting in a file, read row by row. Arrays are row-major: the last dimension runs fastest.
 */
public final class SettingRecords {
    private final RecordReader file;
    private final Setting setting;
    private final RecordShape shape;

    /** @throws org.dualform.contract.UserException if a tensor of the setting is missing or has another shape */
    public SettingRecords(RecordReader file, Setting setting, RecordShape shape) {
        this.file = file;
        this.setting = setting;
        this.shape = shape;
        file.require(shape.tensors(setting, contextTokens()));
    }

    /** The number of tokens of the context; 0 if the setting has none. */
    public int contextTokens() {
        return (int) (file.size(setting.contextScores()) / Math.max(1, shape.contextRows() * shape.layers()));
    }

    /** The attention outputs of a row: (layers, width). */
    public float[] attentionOutput(int row) {
        return read(setting.attentionOutput(), row, shape.layers() * shape.width());
    }

    /** The scores over the query of a row, before the softmax: (layers, heads, length). */
    public float[] queryScores(int row) {
        float[] scores =
                new float[shape.layers() * shape.heads() * shape.lengths().get(row)];
        file.read(setting.queryScores(), shape.queryScores(row), scores, scores.length);
        return scores;
    }

    /** The scores over the context of one of the first rows, summed over heads: (layers, context tokens). */
    public float[] contextScores(int row) {
        return read(setting.contextScores(), row, shape.layers() * contextTokens());
    }

    /** The query vectors of one of the first rows: (layers, query width). */
    public float[] queries(int row) {
        return read(setting.queries(), row, shape.layers() * shape.queryWidth());
    }

    private float[] read(String tensor, int row, int count) {
        float[] values = new float[count];
        file.read(tensor, (long) row * count, values, count);
        return values;
    }
}
