package org.dualform.data;

/**
 * The label that a demonstration shows where a control experiment changes labels. The draws are those of a {@link
 * NamedRandom} whose name begins with {@link #VERSION} and ends with the row's id. A row is therefore treated alike in
 * every seed, order and shot count.
 */
public final class DemonstrationLabels {
    /** The name of this way to draw; it changes whenever the draws do. */
    public static final String VERSION = "labels-v1";

    private DemonstrationLabels() {}

    /**
     * Another label with probability {@code share}, all others equally likely; else the row's own. A row that is
     * flipped at one share is flipped to the same label at every larger share.
     *
     * @param labels the number of labels, at least 2
     */
    public static int flipped(LabelledRow row, double share, int labels) {
        NamedRandom random = new NamedRandom(VERSION + "/flip/" + row.id());
        double u = random.nextDouble();
        int other = random.nextInt(labels - 1);
        if (u >= share) return row.label();
        return other < row.label() ? other : other + 1;
    }

    /** A random label; all are equally likely, the right one included. */
    public static int random(LabelledRow row, int labels) {
        return new NamedRandom(VERSION + "/random/" + row.id()).nextInt(labels);
    }
}
