package org.dualform.data;

/**
 * Which label a demonstration shows where a control changes labels. Draws are {@link NamedRandom}'s, under a name that
 * begins with {@link #VERSION} and ends with the row's id: a row's fate is the same in every seed, order and shot count.
 */
public final class DemonstrationLabels {
    /** Name of this way to draw. */
    public static final String VERSION = "labels-v1";

    private DemonstrationLabels() {}

    /**
     * Another label with the chance {@code share}, each of the others as likely. Nested: a row flipped at one share is
     * flipped, to the same label, at every larger one.
     *
     * @param labels number of labels, at least 2
     */
    public static int flipped(LabelledRow row, double share, int labels) {
        NamedRandom random = new NamedRandom(VERSION + "/flip/" + row.id());
        double u = random.nextDouble();
        int other = random.nextInt(labels - 1);
        if (u >= share) return row.label();
        return other < row.label() ? other : other + 1;
    }

    /** Any label, each as likely, the right one included. */
    public static int random(LabelledRow row, int labels) {
        return new NamedRandom(VERSION + "/random/" + row.id()).nextInt(labels);
    }
}
