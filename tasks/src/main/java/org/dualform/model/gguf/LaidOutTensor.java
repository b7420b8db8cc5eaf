package org.dualform.model.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufTensor;

/**
 * A tensor of a GGUF file, read in the order of the Hugging Face file.
 *
 * @param heads the number of heads that its rows belong to, where the layout asks
 */
public record LaidOutTensor(GgufTensor tensor, Layout layout, int heads) {
    /** @throws UserException if its rows cannot be those of so many heads */
    static LaidOutTensor of(GgufTensor tensor, Layout layout, int heads) {
        LaidOutTensor laidOut = new LaidOutTensor(tensor, layout, heads);
        long rows = laidOut.rows();
        if (layout.movesRows() && rows % ((long) layout.group() * heads) != 0)
            throw UserException.data("In " + tensor.file() + " the tensor " + tensor.name() + " has " + rows
                    + " rows, which are no multiple of " + layout.group() + " x " + heads + " heads.");
        if (layout == Layout.TRANSPOSED && tensor.shape().size() != 2)
            throw UserException.data("In " + tensor.file() + " the tensor " + tensor.name() + " has the shape "
                    + tensor.shape() + "; it has to be a matrix.");
        return laidOut;
    }

    /** The shape in the Hugging Face file. */
    public long[] dimensions() {
        List<Long> shape = tensor.shape();
        return layout == Layout.TRANSPOSED
                ? new long[] {shape.get(1), shape.get(0)}
                : shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Whether the file's bytes are the Hugging Face file's, but for their type. */
    public boolean asStored() {
        return layout == Layout.SAME;
    }

    /** The number of rows that {@link #read} counts: a vector's elements, where heads' elements have other places. */
    public long rows() {
        return isVector() && layout.movesRows() ? tensor.size() : tensor.rows();
    }

    /** The number of elements of a row that {@link #read} counts. */
    public long rowLength() {
        return tensor.size() / rows();
    }

    private boolean isVector() {
        return tensor.shape().size() == 1;
    }

    /**
     * Reads rows in the order of the Hugging Face file. A transposed matrix is read as stored.
     *
     * @param channel the tensor's open file
     * @param out takes the numbers from its beginning on
     */
    public void read(FileChannel channel, long row, int count, float[] out) throws IOException {
        if (!layout.movesRows()) {
            tensor.read(channel, row, count, out, 0);
        } else if (isVector()) {
            float[] all = new float[Math.toIntExact(tensor.size())];
            tensor.read(channel, 0, 1, all, 0);
            for (int i = 0; i < count; i++) out[i] = all[(int) layout.sourceRow(row + i, all.length, heads)];
        } else {
            int length = (int) rowLength();
            for (int i = 0; i < count; i++)
                tensor.read(channel, layout.sourceRow(row + i, rows(), heads), 1, out, i * length);
        }
        if (layout == Layout.PLUS_ONE) for (int i = 0; i < count * (int) rowLength(); i++) out[i] -= 1;
    }
}
