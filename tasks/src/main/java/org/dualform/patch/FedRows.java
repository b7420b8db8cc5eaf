package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dualform.model.ForwardingProbe;
import org.dualform.model.Probe;

/** Keeps what every block's feed-forward part meets at the last token of one sequence. */
public final class FedRows extends ForwardingProbe {
    private final NDManager owner;
    private final List<FedRow> rows = new ArrayList<>();

    /** @param owner owns what is kept */
    public FedRows(NDManager owner, Probe next) {
        super(next);
        this.owner = owner;
    }

    /** The rows of all layers, after the pass. */
    public List<FedRow> rows() {
        return List.copyOf(rows);
    }

    @Override
    public NDArray feedForward(int layer, NDArray base, NDArray input, UnaryOperator<NDArray> part) {
        rows.add(new FedRow(
                Probe.keep(owner, FedRow.last(base).duplicate()),
                Probe.keep(owner, FedRow.last(input).duplicate())));
        return super.feedForward(layer, base, input, part);
    }
}
