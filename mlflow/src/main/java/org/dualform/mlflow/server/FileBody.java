package org.dualform.mlflow.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.HashingSource;
import okio.Okio;

/** A file as the body of a request. Its length is told beforehand; its bytes are hashed on their way. */
final class FileBody extends RequestBody {
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "json", "application/json", "md", "text/markdown", "txt", "text/plain");

    private static final long PIECE = 64 << 10;

    private final Path file;
    private final long bytes;
    private final Runnable alive;
    private String hash = "";

    /** @param alive called between pieces; it ends the sending by throwing */
    FileBody(Path file, long bytes, Runnable alive) {
        this.file = file;
        this.bytes = bytes;
        this.alive = alive;
    }

    @Override
    public MediaType contentType() {
        String name = file.getFileName().toString();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        return MediaType.get(type == null ? "application/octet-stream" : type);
    }

    @Override
    public long contentLength() {
        return bytes;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        try (HashingSource source = HashingSource.sha256(Okio.source(file))) {
            while (source.read(sink.getBuffer(), PIECE) != -1) {
                alive.run();
                sink.emitCompleteSegments();
            }
            hash = source.hash().hex();
        }
    }

    /** SHA-256 of the bytes that were sent last, as lower-case hex. */
    String hash() {
        return hash;
    }
}
