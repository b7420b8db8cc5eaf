package org.dualform.data.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;

/**
 * The files of a folder's splits: {@code train.jsonl}, {@code validation.csv} or {@code test.parquet}, or the parts of
 * a split, {@code train-00000-of-00002.parquet} and so on.
 */
public record SplitFiles(Path folder, TreeMap<String, List<Path>> files) {
    /** The split from which demonstrations are drawn. */
    public static final String TRAIN = "train";

    private static final List<String> ENDINGS = List.of(".jsonl", ".csv", ".tsv", ".parquet");
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})");

    public static SplitFiles of(Path folder) {
        TreeMap<String, List<Path>> files = new TreeMap<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(child -> isDataFile(child.toString())).sorted().forEach(child -> add(files, child));
        } catch (IOException e) {
            throw UserException.data("The folder " + folder + " cannot be read: " + e.getMessage() + ".");
        }
        return new SplitFiles(folder, files);
    }

    private static void add(TreeMap<String, List<Path>> files, Path file) {
        String stem = stem(String.valueOf(file.getFileName()));
        Matcher part = PART.matcher(stem);
        if (!part.matches()) files.put(stem, List.of(file));
        else files.computeIfAbsent(part.group(1), split -> new ArrayList<>()).add(file);
    }

    public static boolean isDataFile(String name) {
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** The name of a file without the ending of a data file. */
    public static String stem(String name) {
        return isDataFile(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    public boolean hasTrain() {
        return files.containsKey(TRAIN);
    }

    /** The files of a split, in order: one, or all its parts. */
    public List<Path> of(String split) {
        List<Path> parts = files.get(split);
        if (parts == null)
            throw UserException.data("The folder " + folder + " holds no data set: " + TRAIN
                    + ".jsonl is missing (.csv, .tsv or .parquet will do as well).");
        Matcher last =
                PART.matcher(stem(String.valueOf(parts.get(parts.size() - 1).getFileName())));
        if (last.matches() && Integer.parseInt(last.group(3)) != parts.size())
            throw UserException.data("The split " + split + " in " + folder + " has " + parts.size() + " of "
                    + Integer.parseInt(last.group(3)) + " parts ("
                    + parts.get(0).getFileName() + ", …). Add the others.");
        return parts;
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
        throw UserException.data("The folder " + folder
                + " has neither validation.jsonl nor test.jsonl: there is nothing to evaluate on.");
    }
}
