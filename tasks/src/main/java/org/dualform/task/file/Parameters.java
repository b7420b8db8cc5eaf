package org.dualform.task.file;

/** Names of a cell item's parameters, for those who read an item as JSON. */
public final class Parameters {
    public static final String CELL = "cell";
    public static final String MODEL = "model";
    public static final String DATASET = "dataset";
    public static final String TEMPLATE = "template";
    public static final String DESCRIPTION = "description";
    public static final String SEED = "seed";
    public static final String ORDER = "order";
    public static final String ARM = "arm";
    public static final String SHOTS = "shots";
    public static final String LIMIT = "limit";
    public static final String SPLIT = "split";
    public static final String SELECT = "select";
    public static final String SELECT_ON = "select_on";
    public static final String PASSES = "passes";
    public static final String THREADS = "threads";
    public static final String DEVICE = "device";
    public static final String CHUNK_ROWS = "chunk_rows";
    public static final String DTYPE = "dtype";
    public static final String RECORD_POSITION = "record_position";
    public static final String RESERVE_TOKENS = "reserve_tokens";

    private Parameters() {}
}
