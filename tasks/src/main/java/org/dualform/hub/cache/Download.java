package org.dualform.hub.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.dualform.contract.PermanentException;
import org.dualform.hub.http.HubHttp;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RemoteFile;
import org.dualform.hub.http.Retries;

/**
 * Fetches one blob. It continues where a broken connection or an earlier process stopped, compares the hash, and only
 * then gives the blob its name. Every byte is written at its place in the file, so that a second writer does no harm.
 */
final class Download {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int PARTIAL = 206;

    private final HubHttp http;
    private final Retries retries;
    private final Storage storage;
    private final HubName name;
    private final Meter meter;

    Download(HubHttp http, Retries retries, Storage storage, HubName name, Meter meter) {
        this.http = http;
        this.retries = retries;
        this.storage = storage;
        this.name = name;
        this.meter = meter;
    }

    void fetch(RemoteFile file, Path incomplete, Path blob) throws IOException {
        Files.createDirectories(incomplete.getParent());
        Optional<String> wrong = receive(file, incomplete);
        if (wrong.isPresent()) {
            // An earlier process may have left damaged bytes: fetch everything once more.
            Files.deleteIfExists(incomplete);
            wrong = receive(file, incomplete);
        }
        if (wrong.isPresent()) {
            Files.deleteIfExists(incomplete);
            throw new PermanentException(
                    file.path() + " of " + name + " arrived damaged, twice: " + wrong.get()
                            + ". It was thrown away. Something between here and the hub changes files (a proxy, a"
                            + " mirror in HF_ENDPOINT); try again from elsewhere.",
                    null);
        }
        try {
            Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            if (!Files.exists(blob)) throw e; // Otherwise another writer has renamed it already.
        }
    }

    private Optional<String> receive(RemoteFile file, Path incomplete) throws IOException {
        int failures = 0;
        for (boolean whole = false; !whole; ) {
            long have = have(file, incomplete);
            if (file.size() >= 0 && have == file.size()) break;
            meter.at(have);
            try (Response response = http.open(file.url(), have, name)) {
                copy(response, file, incomplete, have);
                whole = true;
            } catch (IOException e) {
                boolean more = Files.exists(incomplete) && Files.size(incomplete) > have;
                failures = more ? 1 : failures + 1;
                retries.waitOrGiveUp(
                        "Fetching " + file.path() + " of " + name
                                + " (the part that arrived is kept: run again to continue)",
                        failures,
                        e,
                        meter::tell);
            }
        }
        if (!Files.exists(incomplete)) Files.createFile(incomplete); // the file is empty
        return BlobHash.wrong(incomplete, file);
    }

    /**
     * The number of bytes that are there already. A file that is too long, or whose length cannot be compared, is
     * deleted first.
     */
    private static long have(RemoteFile file, Path incomplete) throws IOException {
        if (!Files.exists(incomplete)) return 0;
        long have = Files.size(incomplete);
        if (file.size() >= 0 && have <= file.size()) return have;
        Files.delete(incomplete);
        return 0;
    }

    /** Writes the answer's bytes at their places, but none beyond the file's size. */
    private void copy(Response response, RemoteFile file, Path incomplete, long have) throws IOException {
        long at = response.code() == PARTIAL ? have : 0;
        Matcher range = RANGE.matcher(response.header("Content-Range", ""));
        boolean other = at > 0 && !(range.matches() && Long.parseLong(range.group(1)) == have);
        if (other || response.code() == RANGE_NOT_SATISFIABLE) {
            Files.deleteIfExists(incomplete);
            throw new IOException("the server sent other bytes than those it was asked for");
        }
        long end = file.size() < 0 ? Long.MAX_VALUE : file.size();
        byte[] buffer = new byte[1 << 16];
        InputStream in = response.body().byteStream();
        try (FileChannel out = open(incomplete)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                write(out, ByteBuffer.wrap(buffer, 0, n), at);
                at += n;
                meter.at(Math.min(at, end));
                if (at > end) break;
            }
        }
        if (at < file.size()) throw new IOException("the answer ended early");
    }

    private FileChannel open(Path incomplete) {
        try {
            return FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw storage.explain(e);
        }
    }

    private void write(FileChannel out, ByteBuffer bytes, long position) {
        try {
            long at = position;
            while (bytes.hasRemaining()) at += out.write(bytes, at);
        } catch (IOException e) {
            throw storage.explain(e);
        }
    }
}
