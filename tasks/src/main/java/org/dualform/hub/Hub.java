package org.dualform.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dualform.contract.Progress;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.hub.cache.HubCache;
import org.dualform.hub.cache.Snapshots;
import org.dualform.hub.cache.Storage;
import org.dualform.hub.dataset.DatasetCard;
import org.dualform.hub.dataset.DatasetFolder;
import org.dualform.hub.dataset.DatasetSelection;
import org.dualform.hub.http.HubApi;
import org.dualform.hub.http.HubHttp;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.HubSettings;
import org.dualform.hub.http.Repository;
import org.dualform.hub.http.Retries;

/**
 * Fetches models and data sets from a hub into the cache that Python's huggingface_hub also uses. Only the files that
 * are needed are fetched.
 *
 * <p>A name is resolved to a commit once in the life of this object, so that everyone who asks sees the same files.
 * Safe for use by several threads.
 */
public final class Hub implements AutoCloseable {
    private static final String README = "README.md";

    private final HubSettings settings;
    private final HubHttp http;
    private final HubApi api;
    private final HubCache cache;
    private final Storage storage;
    private final Snapshots snapshots;
    private final Map<HubName, Repository> resolved = new ConcurrentHashMap<>();

    Hub(HubSettings settings, Retries retries, Storage storage) {
        this.settings = settings;
        this.http = new HubHttp(settings);
        this.api = new HubApi(settings, http, retries);
        this.cache = new HubCache(settings.cache());
        this.storage = storage;
        this.snapshots = new Snapshots(api, http, cache, retries, storage);
    }

    /**
     * A hub with the settings of the environment: {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code
     * HF_TOKEN} and {@code HF_HUB_OFFLINE}.
     */
    public static Hub fromEnvironment(Map<String, String> environment) {
        HubSettings settings = HubSettings.fromEnvironment(environment);
        return new Hub(settings, Retries.NORMAL, Storage.of(settings.cache()));
    }

    /**
     * Fetches a model. Its folder has the Hugging Face layout.
     *
     * @param say receives messages for people
     * @throws UserException if there is no such model, access is refused, or it is not a model that can be used
     * @throws TransientException if the hub cannot be reached and the cache has no copy
     */
    public Fetched model(HubName name, Progress progress, Consumer<String> say) {
        try {
            Repository repository = resolve(name, progress, say);
            ModelSelection selection = new ModelSelection(repository);
            boolean sharded = selection.sharded();
            String what = sharded ? name + ", small files" : name.toString();
            Path folder = snapshots.ensure(repository, selection.first(), what, progress, say);
            if (sharded) {
                List<String> shards = selection.shards(folder.resolve(ModelSelection.INDEX));
                snapshots.ensure(repository, shards, name.toString(), progress, say);
            }
            remember(repository);
            return new Fetched(folder, name.id() + "@" + repository.commit());
        } catch (IOException e) {
            throw storage.explain(e);
        }
    }

    /**
     * Fetches a data set. Its folder has one or more files for each split.
     *
     * @param splits the wanted splits; those that the data set lacks are left out
     * @param home where the folder is made; the files themselves stay in the cache
     * @param say receives messages for people
     */
    public Fetched dataset(HubName name, Set<String> splits, Path home, Progress progress, Consumer<String> say) {
        try {
            Repository repository = resolve(name, progress, say);
            DatasetCard card = DatasetCard.empty();
            if (repository.has(README)) {
                Path snapshot = snapshots.ensure(repository, List.of(README), name + ", README", progress, say);
                card = DatasetCard.parse(
                        new String(Files.readAllBytes(snapshot.resolve(README)), StandardCharsets.UTF_8));
            }
            DatasetSelection selection = DatasetSelection.of(repository, card);
            List<String> paths = new ArrayList<>(selection.paths(splits));
            Path snapshot = snapshots.ensure(repository, paths, name.toString(), progress, say);
            remember(repository);
            Path folder = DatasetFolder.lay(home, repository, snapshot, selection, paths, card);
            return new Fetched(folder, name.id() + ":" + selection.config() + "@" + repository.commit());
        } catch (IOException e) {
            throw storage.explain(e);
        }
    }

    private Repository resolve(HubName name, Progress progress, Consumer<String> say) throws IOException {
        Repository known = resolved.get(name);
        if (known != null) return known;
        Repository found = find(name, progress, say);
        Repository before = resolved.putIfAbsent(name, found);
        return before == null ? found : before;
    }

    private Repository find(HubName name, Progress progress, Consumer<String> say) throws IOException {
        Optional<Repository> cached = cache.cached(name);
        if (settings.offline()) {
            return cached.orElseThrow(() -> UserException.data("The "
                    + name.kind().word() + " " + name
                    + " is not in the cache " + cache.root() + ", and HF_HUB_OFFLINE is set. Fetch it once without it,"
                    + " or correct the name or HF_HOME; there is no folder of that name here either."));
        }
        try {
            return api.repository(name, () -> progress.at("Asking for " + name, 0, 1));
        } catch (TransientException e) {
            if (cached.isEmpty()) throw e;
            say.accept(e.getMessage() + " The copy in the cache is used instead, at commit "
                    + cached.get().commit() + ".");
            return cached.get();
        }
    }

    private void remember(Repository repository) throws IOException {
        if (!repository.cached()) cache.remember(repository.name(), repository.commit());
    }

    /**
     * Closes the connections. The hub can still be used afterwards, and the names it has resolved keep their commits.
     */
    @Override
    public void close() {
        http.close();
    }
}
