package org.dualform.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.hub.http.HubApi;
import org.dualform.hub.http.HubHttp;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RemoteFile;
import org.dualform.hub.http.Repository;
import org.dualform.hub.http.Retries;

/** Brings files of a repository into the cache. */
public final class Snapshots {
    private final HubApi api;
    private final HubHttp http;
    private final HubCache cache;
    private final Retries retries;
    private final Storage storage;

    public Snapshots(HubApi api, HubHttp http, HubCache cache, Retries retries, Storage storage) {
        this.api = api;
        this.http = http;
        this.cache = cache;
        this.retries = retries;
        this.storage = storage;
    }

    /**
     * Fetches those files that the cache lacks.
     *
     * @param what names the files in the progress
     * @return the snapshot's folder
     */
    public Path ensure(Repository repository, List<String> paths, String what, Progress progress, Consumer<String> say)
            throws IOException {
        HubName name = repository.name();
        Path snapshot = cache.snapshot(name, repository.commit());
        List<String> absent = paths.stream()
                .filter(path -> !Files.exists(snapshot.resolve(path)))
                .toList();
        if (absent.isEmpty()) return snapshot;
        if (repository.cached()) {
            throw UserException.data("The cache lacks " + String.join(", ", absent) + " of the "
                    + name.kind().word() + " " + name + ". Fetch it once with the hub in reach (dualform fetch).");
        }
        List<RemoteFile> files = new ArrayList<>();
        for (String path : absent) {
            progress.at("Asking for " + name, files.size(), absent.size());
            files.add(api.file(repository, path, () -> progress.at("Asking for " + name, files.size(), absent.size())));
        }
        long left = 0;
        long total = 0;
        for (RemoteFile file : files) {
            long size = Math.max(0, file.size());
            total += size;
            if (!Files.exists(cache.blob(name, file.etag()))) left += size - begun(name, file);
        }
        storage.require(left, "Fetching " + what);
        Meter meter = new Meter(progress, what, total);
        for (RemoteFile file : files) {
            blob(name, file, meter, say);
            cache.link(name, repository.commit(), file);
            meter.done(Math.max(0, file.size()));
        }
        return snapshot;
    }

    private long begun(HubName name, RemoteFile file) throws IOException {
        Path incomplete = cache.incomplete(name, file.etag());
        return Files.exists(incomplete) ? Math.min(Math.max(0, file.size()), Files.size(incomplete)) : 0;
    }

    private void blob(HubName name, RemoteFile file, Meter meter, Consumer<String> say) throws IOException {
        Path blob = cache.blob(name, file.etag());
        if (Files.exists(blob)) return;
        Runnable waiting = () -> say.accept("Another process fetches " + file.path() + " of " + name + "; waiting.");
        try (CacheLock lock = CacheLock.take(cache.lock(name, file.etag()), waiting, meter::tell)) {
            if (Files.exists(blob)) return;
            new Download(http, retries, storage, name, meter).fetch(file, cache.incomplete(name, file.etag()), blob);
        }
    }
}
