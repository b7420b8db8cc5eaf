package org.dualform.mlflow.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.HttpCall;
import org.dualform.mlflow.http.MlflowHttp;

/**
 * A download that goes on where an earlier one stopped, in this process or in one that was killed. MLflow answers a
 * range of bytes (206) for files on its own disk. Whatever answers the whole file (200) starts it anew.
 */
final class ResumedDownload {
    private static final int PARTIAL = 206;
    private static final long PIECE = 64 << 10;

    private final String path;
    private final Path part;
    private final long bytes;
    private final Runnable alive;

    ResumedDownload(String path, Path part, long bytes, Runnable alive) {
        this.path = path;
        this.part = part;
        this.bytes = bytes;
        this.alive = alive;
    }

    /** @param target the path of the call */
    void from(MlflowHttp http, String target) {
        HttpCall call = new HttpCall("GET", target, Map.of(), null, true, bytes, Integer.MAX_VALUE, this::alreadyHere);
        HttpCall.Outcome<Long> got = http.send(call, this::receive);
        if (got.value() == null) {
            throw got.reply().failure();
        }
    }

    /** A part that is as long as the file, or longer, is of no use: no byte is left to ask for. */
    private long alreadyHere() {
        try {
            long size = Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) ? Files.size(part) : 0;
            return size < bytes ? size : 0;
        } catch (IOException gone) {
            return 0;
        }
    }

    private Long receive(Response response) throws IOException {
        long start = response.code() == PARTIAL ? alreadyHere() : 0;
        if (start > 0 && !response.header("Content-Range", "").startsWith("bytes " + start + "-")) {
            throw new IOException("the server answers another range than bytes=" + start + "-");
        }
        try (FileChannel file = open(start)) {
            return copy(response.body().source(), Okio.buffer(Okio.sink(Channels.newOutputStream(file))), start);
        }
    }

    private FileChannel open(long start) {
        try {
            FileChannel file = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            return file.truncate(start).position(start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long copy(BufferedSource source, BufferedSink sink, long start) throws IOException {
        long received = start;
        for (long read; (read = source.read(sink.getBuffer(), PIECE)) != -1; write(sink)) {
            alive.run();
            received += read;
            if (received > bytes) {
                throw UserException.data("The artifact " + path + " has more than the " + bytes
                        + " bytes that it had when it was sent. Somebody changed it.");
            }
        }
        return received;
    }

    /** A disk that is full is no failure of the server, and is not tried again. */
    private static void write(BufferedSink sink) {
        try {
            sink.emit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
