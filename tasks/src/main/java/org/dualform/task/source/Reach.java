package org.dualform.task.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualform.contract.UserException;

/**
 * Which files the names of an experiment may reach. Whoever fills in a form in Airflow is not whoever runs the workers, so
 * that a task reads only below the roots of models and data sets. At a shell both are the same person, and every path that
 * this person can read may be named.
 */
public final class Reach {
    /** {@code roots} or {@code any}. */
    public static final String VARIABLE = "DUALFORM_PATHS";

    private static final String ROOTS = "roots";
    private static final String ANY = "any";
    private static final List<String> ROOT_VARIABLES = List.of("DUALFORM_MODEL_ROOTS", "DUALFORM_DATA_ROOTS");
    /** A model or a data set has its files in one folder, or in one folder below that. */
    private static final int DEPTH = 2;

    private final boolean confined;
    private final List<Path> roots = new ArrayList<>();

    private Reach(Map<String, String> environment) {
        String asked = environment.getOrDefault(VARIABLE, ANY).strip();
        if (!asked.equals(ROOTS) && !asked.equals(ANY))
            throw UserException.config(VARIABLE + " is " + ROOTS + " (a study reads below DUALFORM_MODEL_ROOTS and"
                    + " DUALFORM_DATA_ROOTS) or " + ANY + "; it is '" + asked + "'.");
        this.confined = asked.equals(ROOTS);
        for (String variable : ROOT_VARIABLES)
            for (String root : environment.getOrDefault(variable, "").split(":", -1))
                if (!root.isBlank()) roots.add(real(Path.of(root)));
    }

    public static Reach of(Map<String, String> environment) {
        return new Reach(environment);
    }

    /** The environment of a task, whose experiment comes from a form: confined, unless it says otherwise. */
    public static Map<String, String> ofTask(Map<String, String> environment) {
        Map<String, String> confined = new HashMap<>(environment);
        confined.putIfAbsent(VARIABLE, ROOTS);
        return confined;
    }

    /** Whether a reference, read as a path, lies where it may. Nothing is told of other paths, not even whether they exist. */
    public boolean allows(String reference) {
        if (!confined) return true;
        try {
            return allows(Path.of(reference));
        } catch (InvalidPathException e) {
            return true; // no path at all; whoever looks it up says so
        }
    }

    /**
     * Whether a file or folder lies where it may, and so does everything that links in it lead to.
     *
     * @param found as it was named, or as a root has it
     */
    public boolean allows(Path found) {
        if (!confined) return true;
        Path real = real(found);
        return isBelowRoot(real) && linksStay(real);
    }

    /** The error for a path that may not be named. */
    public UserException refusal(String field, String reference) {
        String named = roots.isEmpty()
                ? "none is set"
                : roots.stream().map(Path::toString).collect(Collectors.joining(", "));
        return UserException.data(
                field + ": '" + reference + "' is not below a folder that studies may read on this worker,"
                        + " or a link in it leads out of there. Those folders are DUALFORM_MODEL_ROOTS and DUALFORM_DATA_ROOTS ("
                        + named + "). Put it there, or name a hub's org/name. " + VARIABLE + "=" + ANY
                        + " in the workers' environment lets everyone who may trigger a run name any path.");
    }

    private boolean isBelowRoot(Path real) {
        return roots.stream().anyMatch(real::startsWith);
    }

    private boolean linksStay(Path real) {
        if (!Files.isDirectory(real)) return true;
        try (Stream<Path> all = Files.walk(real, DEPTH)) {
            return all.filter(Files::isSymbolicLink).allMatch(link -> isBelowRoot(real(link)));
        } catch (IOException e) {
            return true; // it cannot be read: whoever reads it says so
        }
    }

    /** Without links; the path itself where there is nothing. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent == null || name == null ? absolute : real(parent).resolve(name);
        }
    }
}
