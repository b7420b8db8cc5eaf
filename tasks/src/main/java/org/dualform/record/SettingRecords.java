package org.dualform.record;

/** The records of one setting in a file, row by row. */
public final class SettingRecords {
    private final RecordReader file;
    private final Setting setting;
    private final RecordShape shape;

    public SettingRecords(RecordReader file, Setting setting, RecordShape shape) {
        this.file = file;
        this.setting = setting;
        this.shape = shape;
    }

    /** (layers, width) of a row. */
    public float[] attentionOutput(int row) {
        return read(setting.attentionOutput(), row, shape.layers() * shape.width());
    }

    /** (layers, heads, length) of a row. */
    public float[] queryScores(int row) {
        float[] scores =
                new float[shape.layers() * shape.heads() * shape.lengths().get(row)];
        file.read(setting.queryScores(), shape.queryScores(row), scores, scores.length);
        return scores;
    }

    /** (layers, context tokens) of one of the first rows. */
    public float[] contextScores(int row) {
        return read(setting.contextScores(), row, (int) (file.size(setting.contextScores()) / shape.contextRows()));
    }

    /** (layers, query width) of one of the first rows. */
    public float[] queries(int row) {
        return read(setting.queries(), row, shape.layers() * shape.queryWidth());
    }

    private float[] read(String tensor, int row, int count) {
        float[] values = new float[count];
        file.read(tensor, (long) row * count, values, count);
        return values;
    }
}
