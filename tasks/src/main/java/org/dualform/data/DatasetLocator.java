package org.dualform.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.dualform.base.DataFileName;
import org.dualform.base.NearestNames;
import org.dualform.base.RootFolders;
import org.dualform.contract.PathEncoding;
import org.dualform.contract.UserException;
import org.dualform.data.file.SplitFiles;

/**
 * Finds a data set by its name or path. A name is looked for in the configured roots, then among the built-in data
 * sets, then as a folder or file, and then, if it contains a slash, on a hub. A name with the ending of a data file is
 * always a path.
 */
public final class DatasetLocator {
    private final List<Path> roots;
    private final List<BuiltinDatasets> builtins;
    private final Path home;
    private final RemoteDatasets remote;

    /** A locator without a hub. */
    public DatasetLocator(List<Path> roots, List<BuiltinDatasets> builtins, Path home) {
        this(roots, builtins, home, (reference, folder) -> Optional.empty());
    }

    /**
     * @param roots folders whose subfolders are data sets, in order of precedence
     * @param home where built-in data sets are written when they are needed
     * @param remote where to ask for a name that is found nowhere else
     */
    public DatasetLocator(List<Path> roots, List<BuiltinDatasets> builtins, Path home, RemoteDatasets remote) {
        this.roots = List.copyOf(roots);
        this.builtins = List.copyOf(builtins);
        this.home = home;
        this.remote = remote;
    }

    /**
     * A locator with the roots of {@code DUALFORM_DATA_ROOTS}, the home of {@code DUALFORM_HOME} and the built-in data
     * sets that are installed.
     */
    public static DatasetLocator fromEnvironment(Map<String, String> environment, RemoteDatasets remote) {
        List<Path> roots = new ArrayList<>();
        for (String root : environment.getOrDefault("DUALFORM_DATA_ROOTS", "").split(":", -1))
            if (!root.isBlank()) roots.add(Path.of(root));
        List<BuiltinDatasets> builtins = new ArrayList<>();
        ServiceLoader.load(BuiltinDatasets.class).forEach(builtins::add);
        return new DatasetLocator(
                roots, builtins, Path.of(environment.getOrDefault("DUALFORM_HOME", ".dualform")), remote);
    }

    /**
     * A data set that can be named.
     *
     * @param place its folder; empty for a built-in data set, which may not have been written yet
     */
    public record Named(String name, Optional<Path> place) {}

    /** All names, each once: the built-in data sets first, then the folders of the roots in alphabetical order. */
    public List<Named> named() {
        return named(RootFolders.of(roots));
    }

    private List<Named> named(RootFolders listed) {
        List<Named> all = new ArrayList<>();
        Set<String> rooted = new LinkedHashSet<>();
        List<Named> inRoots = new ArrayList<>();
        for (Path folder : listed.folders()) {
            String name = String.valueOf(folder.getFileName());
            if (isDataset(folder) && rooted.add(name)) inRoots.add(new Named(name, Optional.of(folder)));
        }
        for (BuiltinDatasets source : builtins)
            for (String name : source.names()) if (!rooted.contains(name)) all.add(new Named(name, Optional.empty()));
        all.addAll(inRoots);
        return all;
    }

    /**
     * The folder or file that {@code reference} means.
     *
     * @throws UserException if there is none; the message gives the nearest names
     */
    public Path locate(String reference) {
        if (!looksLikePath(reference)) {
            for (Path root : roots) {
                Path folder = root.resolve(reference);
                if (isDataset(folder)) return folder;
            }
            for (BuiltinDatasets source : builtins)
                if (source.names().contains(reference)) return source.folder(reference, home.resolve("datasets"));
        }
        Path path = path(reference);
        if (Files.isRegularFile(path) || isDataset(path)) return path;
        if (Files.isDirectory(path)) throw SplitFiles.of(path).withoutTrain();
        if (!SplitFiles.isDataFile(reference)) {
            Optional<Path> fetched = remote.folder(reference, home.resolve("datasets"));
            if (fetched.isPresent()) return fetched.get();
        }
        RootFolders listed = RootFolders.of(roots);
        List<String> names = named(listed).stream().map(Named::name).toList();
        throw UserException.data("There is no data set '" + reference + "': " + NearestNames.hint(reference, names)
                + ". A folder, a file (" + DataFileName.known()
                + "), or a hub's org/name[:config] may be given as well; a name that holds a comma stands in double quotes."
                + listed.hint());
    }

    private static boolean looksLikePath(String reference) {
        return reference.contains("/") || SplitFiles.isDataFile(reference);
    }

    private static Path path(String reference) {
        try {
            return Path.of(reference);
        } catch (InvalidPathException e) {
            throw PathEncoding.ofThisProcess()
                    .explain(e)
                    .orElseGet(() ->
                            UserException.data("'" + reference + "' is neither the name of a data set nor a path."));
        }
    }

    private static boolean isDataset(Path folder) {
        return Files.isDirectory(folder) && SplitFiles.of(folder).hasTrain();
    }
}
