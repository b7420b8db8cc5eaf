package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;

/**
 * The studies that a command line names, each with the folder it goes to. A single one goes to the folder that was named,
 * several to one folder below it each, named like the file.
 *
 * @param byFolder the studies as they were given, in their order
 */
record GivenStudies(Map<Path, ObjectNode> byFolder) {
    private static final Pattern ENDING = Pattern.compile("\\.(ya?ml|json)$");

    /** A single study from options and at most one file. */
    static GivenStudies single(Path out, ObjectNode given) {
        return new GivenStudies(Map.of(out, given));
    }

    /**
     * Studies from files. Everything wrong with any of them is reported at once, because a mistake in the last would
     * otherwise be seen only after the others were measured for hours.
     *
     * @param options override the fields of every file
     */
    static GivenStudies ofFiles(Path out, List<Path> files, ObjectNode options) {
        Map<Path, ObjectNode> studies = new LinkedHashMap<>();
        Map<Path, Path> fileOf = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        for (Path file : files) {
            Path folder = files.size() == 1 ? out : out.resolve(name(file));
            Path other = fileOf.putIfAbsent(folder, file);
            if (other != null) {
                mistakes.add("--spec: " + other + " and " + file + " would both write to " + folder
                        + ". Rename one, or run them one after the other with another --out.");
                continue;
            }
            try {
                ObjectNode given = Experiment.readFile(file).setAll(options);
                if (files.size() > 1) Experiment.draft(given).checked();
                studies.put(folder, given);
            } catch (UserException e) {
                if (files.size() == 1) throw e;
                mistakes.add(file + ": " + e.getMessage());
            }
        }
        mistakes.throwIfAny();
        return new GivenStudies(studies);
    }

    /** Refuses, before anything is measured, folders in which a file of a study could not be written at the end. */
    void checkFolders() {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        byFolder.keySet().forEach(folder -> mistakes.collect(() -> new OutFolder(folder).check()));
        mistakes.throwIfAny();
    }

    private static String name(Path file) {
        return ENDING.matcher(file.getFileName().toString()).replaceFirst("");
    }
}
