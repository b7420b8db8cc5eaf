package org.dualform.hub.dataset;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.dualform.base.DataFileName;
import org.dualform.base.DataFileName.Format;
import org.dualform.contract.UserException;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.Repository;

/**
 * The files of a data set's splits in one configuration. They are found as the README says, or else by the names of
 * files and folders, as the hub's own tools do it. If there are several formats, one is chosen.
 *
 * @param config the configuration's name
 * @param splits the paths of each split's files, in order
 */
public record DatasetSelection(String config, Map<String, List<String>> splits) {
    static final String DEFAULT = "default";

    /** The formats by preference, the best first. */
    private static final List<Set<Format>> FORMATS =
            List.of(Set.of(Format.PARQUET), Set.of(Format.JSON_LINES, Format.JSON), Set.of(Format.CSV, Format.TSV));

    /** The branch to which the hub converts data sets that are made by a script. */
    private static final String CONVERTED = "refs/convert/parquet";

    public static DatasetSelection of(Repository repository, DatasetCard card) {
        HubName name = repository.name();
        if (!card.configs().isEmpty()) {
            String config = choose(name, card.configs(), card.standard());
            List<DatasetCard.Files> files = card.files(config);
            if (!files.isEmpty()) return whole(repository, config, declared(repository, files));
        }
        TreeSet<String> configs = new TreeSet<>();
        data(repository).forEach(path -> configs.add(configOf(path)));
        if (configs.isEmpty()) throw nothing(repository);
        Optional<String> standard = configs.contains(DEFAULT)
                ? Optional.of(DEFAULT)
                : Optional.of(configs.first()).filter(first -> configs.size() == 1);
        String config = choose(name, List.copyOf(configs), standard);
        return whole(
                repository,
                config,
                guessed(data(repository)
                        .filter(path -> configOf(path).equals(config))
                        .toList()));
    }

    /** All paths of those wanted splits that exist. */
    public List<String> paths(Set<String> wanted) {
        List<String> paths = new ArrayList<>();
        splits.forEach((split, files) -> {
            if (wanted.contains(split)) paths.addAll(files);
        });
        return paths;
    }

    private static DatasetSelection whole(Repository repository, String config, Map<String, List<String>> splits) {
        if (splits.isEmpty()) throw nothing(repository);
        return new DatasetSelection(config, splits);
    }

    private static String choose(HubName name, List<String> configs, Optional<String> standard) {
        if (name.config().isPresent()) {
            String asked = name.config().get();
            if (configs.contains(asked)) return asked;
            throw UserException.data("The data set " + name.id() + " has no configuration '" + asked + "'; it has "
                    + String.join(", ", configs) + ".");
        }
        return standard.orElseThrow(() -> UserException.data("The data set " + name.id() + " has "
                + configs.size() + " configurations and no default: name one, as " + name.id() + ":"
                + configs.get(0) + " (there are " + String.join(", ", configs) + ")."));
    }

    private static Map<String, List<String>> declared(Repository repository, List<DatasetCard.Files> patterns) {
        Map<String, List<String>> splits = new TreeMap<>();
        for (DatasetCard.Files files : patterns) {
            Predicate<String> matches = glob(repository.name(), files.pattern());
            List<String> paths = data(repository).filter(matches).sorted().toList();
            if (files.split().isEmpty()) guessed(paths).forEach((split, found) -> add(splits, split, found));
            else if (!paths.isEmpty()) add(splits, files.split().get(), oneFormat(paths));
        }
        return splits;
    }

    private static void add(Map<String, List<String>> splits, String split, List<String> paths) {
        List<String> all = splits.computeIfAbsent(split, s -> new ArrayList<>());
        for (String path : paths) if (!all.contains(path)) all.add(path);
    }

    private static Map<String, List<String>> guessed(List<String> paths) {
        Map<String, List<String>> splits = new TreeMap<>();
        for (String path : oneFormat(paths).stream().sorted().toList()) {
            SplitName.of(path).ifPresent(split -> add(splits, split, List.of(path)));
        }
        // Files whose names give no split are training data.
        if (splits.isEmpty() && !paths.isEmpty()) splits.put("train", oneFormat(paths));
        return splits;
    }

    /** The files of the best format. Where one is there plain and compressed, or as JSON twice, one is taken. */
    private static List<String> oneFormat(List<String> paths) {
        for (Set<Format> formats : FORMATS) {
            Map<String, String> byStem = new LinkedHashMap<>();
            for (String path : paths) {
                DataFileName name = DataFileName.of(path).orElseThrow();
                String stem = path.substring(0, path.length() - name.endings().length());
                if (formats.contains(name.format())) byStem.merge(stem, path, DatasetSelection::simpler);
            }
            if (!byStem.isEmpty()) return List.copyOf(byStem.values());
        }
        return List.of();
    }

    private static String simpler(String one, String other) {
        Comparator<DataFileName> order =
                Comparator.comparing(DataFileName::gzip).thenComparing(DataFileName::format);
        return order.compare(
                                DataFileName.of(one).orElseThrow(),
                                DataFileName.of(other).orElseThrow())
                        <= 0
                ? one
                : other;
    }

    private static Stream<String> data(Repository repository) {
        return repository.files().stream()
                .filter(path -> DataFileName.of(path).isPresent())
                .filter(path -> !path.matches("(.*/)?(dataset_infos?|dataset_dict|state)\\.json|\\..*"));
    }

    /** The configuration that a path gives: its first folder, unless that names a split or is called data. */
    private static String configOf(String path) {
        int slash = path.indexOf('/');
        if (slash < 0) return DEFAULT;
        String first = path.substring(0, slash);
        return first.equals("data") || SplitName.of(first).isPresent() ? DEFAULT : first;
    }

    private static Predicate<String> glob(HubName name, String pattern) {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            // In Java's patterns **/ stands for at least one folder; on the hub it may stand for none.
            PathMatcher flat = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("**/", ""));
            return path -> matcher.matches(Path.of(path)) || flat.matches(Path.of(path));
        } catch (PatternSyntaxException e) {
            throw UserException.data("The README of the data set " + name.id() + " names files by '" + pattern
                    + "', which is not a valid pattern. Fetch the files by hand and give their folder.");
        }
    }

    private static UserException nothing(Repository repository) {
        HubName name = repository.name();
        boolean script = repository.files().stream().anyMatch(path -> path.endsWith(".py"));
        String wayOut = script && !name.revision().equals(CONVERTED)
                ? " It is made by a Python script, which is not run here; the hub's own conversion may be there: "
                        + new HubName(name.kind(), name.id(), name.config(), CONVERTED) + "."
                : " Fetch and convert it by hand, and give the folder.";
        return UserException.data("The data set " + name
                + (repository.cached() ? " in the cache" : "")
                + " holds no file of rows that can be read (" + DataFileName.known() + ")." + wayOut);
    }
}
