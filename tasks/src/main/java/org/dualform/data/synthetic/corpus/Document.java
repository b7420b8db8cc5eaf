package org.dualform.data.synthetic.corpus;

/** One row of a training batch: the token ids, of which the first is BOS where a text begins there, and the loss weight of each as a target. */
public final class Document {
    private final int[] ids;
    private final float[] weights;

    /**
     * @param ids the tokens
     * @param weights the loss weight of each
     */
    public Document(int[] ids, float[] weights) {
        this.ids = ids.clone();
        this.weights = weights.clone();
    }

    public int length() {
        return ids.length;
    }

    public int id(int position) {
        return ids[position];
    }

    /** The loss weight of the token at {@code position} as a target; 0 at position 0. */
    public float weight(int position) {
        return weights[position];
    }
}
