package org.dualform.data.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.base.DataFileName;
import org.dualform.base.FileFailure;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;

/**
 * The files of a folder's splits: {@code train.jsonl}, {@code validation.csv} or {@code test.parquet}, or the parts of
 * a split, {@code train-00000-of-00002.parquet} and so on.
 */
public record SplitFiles(Path folder, TreeMap<String, List<SplitFile>> files) {
    /** The split from which demonstrations are drawn. */
    public static final String TRAIN = "train";

    /** Files that describe a data set and hold no rows. */
    private static final Set<String> DESCRIPTIONS =
            Set.of("labels", "dataset_info", "dataset_infos", "dataset_dict", "state", "config");

    public static SplitFiles of(Path folder) {
        TreeMap<String, List<SplitFile>> files = new TreeMap<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.sorted()
                    .map(SplitFile::of)
                    .flatMap(Optional::stream)
                    .filter(file -> !DESCRIPTIONS.contains(file.split()))
                    .forEach(file -> files.computeIfAbsent(file.split(), split -> new ArrayList<>())
                            .add(file));
        } catch (IOException e) {
            throw UserException.data("The folder " + folder + " cannot be read: " + FileFailure.reason(e) + ".");
        }
        return new SplitFiles(folder, files);
    }

    public static boolean isDataFile(String name) {
        return DataFileName.of(name).isPresent();
    }

    /** The name of a file without the ending of a data file. */
    public static String stem(String name) {
        return DataFileName.of(name).map(DataFileName::stem).orElse(name);
    }

    public boolean hasTrain() {
        return files.containsKey(TRAIN);
    }

    /** The error for a folder without a split {@code train}. */
    public UserException withoutTrain() {
        return UserException.data("The folder " + folder + " holds no data set: " + TRAIN
                + ".jsonl is missing; the ending may be " + DataFileName.known() + "."
                + (files.isEmpty() ? "" : " It holds the splits " + String.join(", ", files.navigableKeySet()) + "."));
    }

    /**
     * The files of a split, in order: one, or all its parts.
     *
     * @throws UserException if the split is not there, not whole, or there more than once
     */
    public List<Path> of(String split) {
        List<SplitFile> found = files.get(split);
        if (found == null) throw withoutTrain();
        SplitFile first = found.get(0);
        long different = found.stream().map(SplitFile::part).distinct().count();
        if (different < found.size()
                || found.stream().anyMatch(file -> !file.parts().equals(first.parts())))
            throw UserException.data("The split " + split + " in " + folder + " is there more than once: "
                    + String.join(", ", found.stream().map(SplitFile::name).toList())
                    + ". Keep the files of one, or give a file alone as the data set.");
        if (found.size() < first.parts().orElse(1))
            throw UserException.data("The split " + split + " in " + folder + " has " + found.size() + " of "
                    + first.parts().orElse(1) + " parts (" + first.name() + ", …). Add the others.");
        return found.stream().map(SplitFile::path).toList();
    }

    /**
     * The split to evaluate: the one asked for unless that is {@code auto}; else the template's, if it exists; else
     * validation; else test.
     */
    public String evaluationSplit(String asked, Optional<String> ofTemplate) {
        if (asked.equals(TRAIN))
            throw UserException.usage("split: the evaluated rows cannot come from " + asked
                    + ", where the demonstrations are taken from.");
        if (!asked.equals(Experiment.AUTO)) {
            if (files.containsKey(asked)) return asked;
            throw UserException.usage("split: " + folder + " has no split '" + asked + "'; "
                    + NearestNames.hint(asked, files.navigableKeySet()) + ".");
        }
        for (String split : List.of(ofTemplate.orElse("validation"), "validation", "test"))
            if (files.containsKey(split)) return split;
        List<String> others =
                files.keySet().stream().filter(split -> !split.equals(TRAIN)).toList();
        throw UserException.data("The folder " + folder
                + " has neither validation.jsonl nor test.jsonl (or with another ending): there is nothing to evaluate"
                + " on."
                + (others.isEmpty() ? "" : " Name one of its splits with --split: " + String.join(", ", others) + "."));
    }
}
