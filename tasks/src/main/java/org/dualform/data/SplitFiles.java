package org.dualform.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;
import org.dualform.spec.NearestNames;

/** The split files of a folder, by split: {@code train.jsonl}, {@code validation.csv}, … */
record SplitFiles(Path folder, TreeMap<String, Path> files) {
    private static final List<String> ENDINGS = List.of(".jsonl", ".csv", ".tsv");

    static SplitFiles of(Path folder) {
        TreeMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(child -> isDataFile(child.toString()))
                    .sorted()
                    .forEach(child -> files.put(stem(String.valueOf(child.getFileName())), child));
        } catch (IOException e) {
            throw UserException.data("The folder " + folder + " cannot be read: " + e.getMessage() + ".");
        }
        return new SplitFiles(folder, files);
    }

    static boolean isDataFile(String name) {
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** The name without the ending of a data file. */
    static String stem(String name) {
        return isDataFile(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    boolean hasTrain() {
        return files.containsKey(DatasetReader.TRAIN);
    }

    Path file(String split) {
        Path file = files.get(split);
        if (file == null)
            throw UserException.data(
                    "The folder " + folder + " holds no data set: " + DatasetReader.TRAIN + ".jsonl is missing.");
        return file;
    }

    /** The split asked for, unless {@code auto}; else the template's, where there is one; else validation, else test. */
    String evaluationSplit(String asked, Optional<String> ofTemplate) {
        if (asked.equals(DatasetReader.TRAIN))
            throw UserException.usage("split: the evaluated rows cannot come from " + asked
                    + ", where the demonstrations are taken from.");
        if (!asked.equals(Experiment.AUTO)) {
            if (files.containsKey(asked)) return asked;
            throw UserException.usage("split: " + folder + " has no split '" + asked + "'; "
                    + NearestNames.hint(asked, files.navigableKeySet()) + ".");
        }
        for (String split : List.of(ofTemplate.orElse("validation"), "validation", "test"))
            if (files.containsKey(split)) return split;
        throw UserException.data("The folder " + folder
                + " has neither validation.jsonl nor test.jsonl: there is nothing to evaluate on.");
    }
}
