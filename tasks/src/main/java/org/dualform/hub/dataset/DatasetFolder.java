package org.dualform.hub.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.dualform.base.DataFileName;
import org.dualform.contract.Json;
import org.dualform.hub.cache.HubCache;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.Repository;

/**
 * Lays the files of a snapshot out as a local data set: {@code train.parquet}, or {@code train-00000-of-00002.parquet}
 * and so on, and {@code labels.json} if the card names the labels. The folder holds links only. There is one for each
 * commit and configuration, and its last part is the data set's name.
 */
public final class DatasetFolder {
    private DatasetFolder() {}

    /** @param home the folder that holds all such folders */
    public static Path lay(
            Path home,
            Repository repository,
            Path snapshot,
            DatasetSelection selection,
            List<String> fetched,
            DatasetCard card)
            throws IOException {
        HubName name = repository.name();
        boolean plain = selection.config().equals(DatasetSelection.DEFAULT)
                || name.config().isEmpty();
        Path folder = home.resolve(name.cacheFolder())
                .resolve(repository.commit())
                .resolve(selection.config())
                .resolve(plain ? name.shortName() : selection.config());
        Files.createDirectories(folder);
        Set<String> laid = new HashSet<>();
        for (var split : selection.splits().entrySet()) {
            List<String> files =
                    split.getValue().stream().filter(fetched::contains).toList();
            for (int i = 0; i < files.size(); i++) {
                Path file = snapshot.resolve(files.get(i));
                String shard = files.size() == 1 ? "" : String.format(Locale.ROOT, "-%05d-of-%05d", i, files.size());
                String ending = DataFileName.of(files.get(i)).orElseThrow().endings();
                laid.add(split.getKey() + shard + ending);
                HubCache.link(folder.resolve(split.getKey() + shard + ending), file, file);
            }
        }
        removeOthers(folder, laid);
        List<String> labels = card.labels(selection.config());
        if (!labels.isEmpty()) write(folder.resolve("labels.json"), labels);
        return folder;
    }

    /**
     * Removes the files of the splits laid now that are not laid now. Such a file is an earlier version's, which gave it
     * another ending; with it the split would be there twice. Other splits stay.
     */
    private static void removeOthers(Path folder, Set<String> laid) throws IOException {
        Set<String> splits = laid.stream().map(DatasetFolder::split).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (splits.contains(split(name)) && !laid.contains(name)) Files.deleteIfExists(file);
            }
        }
    }

    private static String split(String file) {
        String stem = DataFileName.of(file).map(DataFileName::stem).orElse("");
        return stem.replaceFirst("-\\d{5}-of-\\d{5}$", "");
    }

    private static void write(Path file, List<String> labels) throws IOException {
        ObjectNode names = Json.mapper().createObjectNode();
        for (int i = 0; i < labels.size(); i++) names.put(Integer.toString(i), labels.get(i));
        Path next = file.resolveSibling(UUID.randomUUID() + ".tmp");
        Files.writeString(next, Json.pretty(names), StandardCharsets.UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
