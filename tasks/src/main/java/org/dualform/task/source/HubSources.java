package org.dualform.task.source;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.dualform.contract.Progress;
import org.dualform.contract.TransientException;
import org.dualform.hub.Fetched;
import org.dualform.hub.Hub;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.dualform.spec.Experiment;
import org.jspecify.annotations.Nullable;

/**
 * Finds models and data sets that have a hub's name, for planning. A plan is made twice, for its key and for its
 * result. The hub opened here remembers the commit of each name, so that both plans use the same files.
 */
public final class HubSources {
    /** The splits an experiment may use. */
    private static final List<String> SPLITS = List.of("train", "validation", "test");

    private final Map<String, String> environment;
    private final AtomicReference<@Nullable Hub> opened = new AtomicReference<>();

    public HubSources(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** A session for one plan. It reports progress and can be stopped. */
    public Session session(Progress progress, Consumer<String> say) {
        return new Session(progress, say, true);
    }

    /** A session that fetches nothing and finds no name of a hub. */
    public Session unasked() {
        return new Session(Progress.none(), line -> {}, false);
    }

    /** Looks up the names of one plan. Closing it closes the connections. */
    public final class Session implements AutoCloseable {
        private final Progress progress;
        private final Consumer<String> say;
        private final boolean asks;
        private final Map<Path, String> origins = new ConcurrentHashMap<>();

        private Session(Progress progress, Consumer<String> say, boolean asks) {
            this.progress = progress;
            this.say = say;
            this.asks = asks;
        }

        /** The model's folder; empty if the reference is no hub's name. */
        public Optional<Path> model(String reference) {
            return HubName.parse(RepoKind.MODEL, reference).map(name -> known(asked().model(name, progress, say)));
        }

        /** The data set's folder; empty if the reference is no hub's name. */
        public Optional<Path> dataset(String reference, String split, Path home) {
            Set<String> splits = new LinkedHashSet<>(SPLITS);
            if (!split.equals(Experiment.AUTO)) splits.add(split);
            return HubName.parse(RepoKind.DATASET, reference)
                    .map(name -> known(asked().dataset(name, splits, home, progress, say)));
        }

        /** Repository and commit of a folder that came from the hub. */
        public Optional<String> origin(Path folder) {
            return Optional.ofNullable(origins.get(folder.toAbsolutePath().normalize()));
        }

        private Hub asked() {
            if (!asks) throw new TransientException("The hub was not asked.", null);
            return hub();
        }

        private Path known(Fetched fetched) {
            Path folder = fetched.folder().toAbsolutePath().normalize();
            origins.put(folder, fetched.origin());
            return folder;
        }

        @Override
        public void close() {
            Hub hub = opened.get();
            if (hub != null) hub.close();
        }
    }

    private Hub hub() {
        Hub before = opened.get();
        if (before != null) return before;
        Hub hub = Hub.fromEnvironment(environment);
        Hub other = opened.compareAndExchange(null, hub);
        return other == null ? hub : other;
    }
}
