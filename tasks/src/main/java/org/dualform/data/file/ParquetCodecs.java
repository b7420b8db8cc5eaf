package org.dualform.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Decompresses the pages of a Parquet file. GZIP is Java's own; UNCOMPRESSED, SNAPPY, ZSTD and LZ4_RAW are Parquet's
 * library's. BROTLI, LZO and the old LZ4 need libraries that are not here.
 */
final class ParquetCodecs implements CompressionCodecFactory {
    private static final Set<CompressionCodecName> READ = Set.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    private final CompressionCodecFactory others;

    /** @param others decompresses what is not GZIP */
    ParquetCodecs(CompressionCodecFactory others) {
        this.others = others;
    }

    /**
     * The codecs of the given columns that cannot be read, by name.
     *
     * @param columns the names of the columns that are wanted
     */
    static List<String> unread(List<BlockMetaData> blocks, Set<String> columns) {
        Set<String> unread = new TreeSet<>();
        for (BlockMetaData block : blocks)
            for (ColumnChunkMetaData column : block.getColumns())
                if (columns.contains(column.getPath().toArray()[0]) && !READ.contains(column.getCodec()))
                    unread.add(String.valueOf(column.getCodec()));
        return new ArrayList<>(unread);
    }

    /** The names of the codecs that are read. */
    static String known() {
        return String.join(", ", READ.stream().map(Enum::name).sorted().toList());
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return codec == CompressionCodecName.GZIP ? new Gzip() : others.getDecompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("files are only read");
    }

    @Override
    public void release() {
        others.release();
    }

    private static final class Gzip implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(unpack(bytes.toInputStream(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size) throws IOException {
            ByteBuffer page = input.slice().limit(compressed);
            output.put(unpack(BytesInput.from(page).toInputStream(), size));
            input.position(input.position() + compressed);
        }

        private static byte[] unpack(InputStream compressed, int size) throws IOException {
            try (GZIPInputStream stream = new GZIPInputStream(compressed)) {
                byte[] page = stream.readNBytes(size);
                if (page.length < size) throw new IOException("a page is shorter than it says");
                return page;
            }
        }

        @Override
        public void release() {}
    }
}
