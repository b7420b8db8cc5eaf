package org.dualform.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dualform.base.DataFileName;
import org.dualform.base.FileFailure;
import org.dualform.base.Sha256;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.data.file.LabelNames;
import org.dualform.data.file.ParquetFile;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;
import org.dualform.data.file.SplitFiles;
import org.dualform.data.text.TextFile;
import org.dualform.spec.Experiment;

/**
 * Reads the two splits of a data set that an experiment uses. All mistakes in the files are reported together, with
 * file and line.
 *
 * <p>A folder holds {@code labels.json} and, for each split, a file of any format or several parts; {@code train} is
 * required. A single file is divided by {@link RowChoice#holdOut}.
 */
public final class DatasetReader {
    private static final String HELD_OUT = "validation";
    private static final String LABELS_FILE = "labels.json";
    private final Path path;
    /** The SHA-256 of each file used, by the file's name. The data set's hash is made of them. */
    private final SortedMap<String, String> used = new TreeMap<>();

    private final Remarks remarks = new Remarks();

    private DatasetReader(Path path) {
        this.path = path;
    }

    /** The name of the data set at this path: the last part, without the ending of a data file. */
    public static String nameOf(Path path) {
        return SplitFiles.stem(String.valueOf(path.toAbsolutePath().normalize().getFileName()));
    }

    /**
     * Reads a data set.
     *
     * @param path a folder or a file, as {@link DatasetLocator#locate} gives it
     * @param split the wanted evaluation split, or {@code auto}
     * @param ofTemplate the evaluation split that the template prefers; it is taken for {@code auto} if it exists
     * @throws UserException naming every mistake
     */
    public static Dataset read(Path path, String split, Optional<String> ofTemplate) {
        DatasetReader reader = new DatasetReader(path);
        return Files.isDirectory(path) ? reader.folder(split, ofTemplate) : reader.singleFile(split);
    }

    private Dataset folder(String asked, Optional<String> ofTemplate) {
        SplitFiles files = SplitFiles.of(path);
        List<Path> trainFiles = files.of(SplitFiles.TRAIN);
        String split = files.evaluationSplit(asked, ofTemplate);
        List<RawRow> train = rows(trainFiles);
        List<RawRow> evaluation = rows(files.of(split));
        return finish(trainFiles.get(0), path.resolve(LABELS_FILE), train, split, evaluation);
    }

    private Dataset singleFile(String asked) {
        if (!asked.equals(Experiment.AUTO) && !asked.equals(HELD_OUT))
            throw UserException.usage("split: " + path + " is one file, of which a part is held out as " + HELD_OUT
                    + "; there is no split '" + asked + "'.");
        List<RawRow> all = rows(List.of(path));
        RowChoice.Halves halves = RowChoice.holdOut(all.size());
        List<RawRow> train = halves.train().stream().map(all::get).toList();
        List<RawRow> heldOut = halves.heldOut().stream().map(all::get).toList();
        remarks.note(path.getFileName() + " is one file: " + heldOut.size() + " of its " + all.size()
                + " rows are held out for evaluation (" + RowChoice.VERSION + "), the others are for demonstrations.");
        return finish(path, path.resolveSibling(LABELS_FILE), train, HELD_OUT, heldOut);
    }

    private Dataset finish(Path firstFile, Path labelsFile, List<RawRow> train, String split, List<RawRow> evaluation) {
        if (train.isEmpty() && remarks.mistakes().isEmpty()) remarks.mistake(path + ": no rows for demonstrations.");
        if (evaluation.isEmpty() && remarks.mistakes().isEmpty())
            remarks.mistake(path + ": no rows in the split " + split + ".");
        throwMistakes();
        LabelNames labels = labels(firstFile, labelsFile, train, evaluation);
        LabelledRows labelled = new LabelledRows(labels, remarks);
        List<LabelledRow> trainRows = labelled.of(SplitFiles.TRAIN, train);
        List<LabelledRow> evaluationRows = labelled.of(split, evaluation);
        throwMistakes();
        return new Dataset(
                nameOf(path), path, digest(), labels.names(), trainRows, split, evaluationRows, remarks.notes());
    }

    /** The labels: from labels.json, else from the Parquet file's own description, else from the rows. */
    private LabelNames labels(Path firstFile, Path labelsFile, List<RawRow> train, List<RawRow> evaluation) {
        if (Files.isRegularFile(labelsFile)) return LabelNames.parse(labelsFile.toString(), use(labelsFile));
        List<String> described = isParquet(firstFile) ? ParquetFile.labels(firstFile) : List.of();
        if (described.size() > 1) return new LabelNames(described, true);
        List<RawRow> all = new ArrayList<>(train);
        all.addAll(evaluation);
        return LabelNames.of(path.toString(), all);
    }

    private static boolean isParquet(Path file) {
        return DataFileName.of(file.toString())
                .filter(name -> name.format() == DataFileName.Format.PARQUET)
                .isPresent();
    }

    private void throwMistakes() {
        if (!remarks.mistakes().isEmpty()) throw UserException.all(ExitCode.DATA, Listing.capped(remarks.mistakes()));
    }

    private List<RawRow> rows(List<Path> files) {
        List<RawRow> rows = new ArrayList<>();
        for (Path file : files) rows.addAll(rows(file));
        return rows;
    }

    private List<RawRow> rows(Path file) {
        DataFileName name = DataFileName.of(file.toString())
                .orElseThrow(() -> UserException.data("The ending of " + file
                        + " tells no format that is read. Rename or convert the file; the ending has to be "
                        + DataFileName.known() + "."));
        if (name.format() != DataFileName.Format.PARQUET)
            return TextFile.read(file.toString(), name, use(file), remarks);
        hash(file);
        return ParquetFile.read(file, remarks);
    }

    private byte[] use(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            remember(file, Sha256.hex(content));
            return content;
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e) + ".");
        }
    }

    private void hash(Path file) {
        try {
            remember(file, Sha256.hex(file));
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e) + ".");
        }
    }

    private void remember(Path file, String sha256) {
        used.put(String.valueOf(file.getFileName()), sha256);
    }

    /** The hash that {@code sha256sum FILES | sha256sum} gives for the files used, in byte order of their names. */
    private String digest() {
        StringBuilder listing = new StringBuilder();
        used.forEach(
                (name, hash) -> listing.append(hash).append("  ").append(name).append('\n'));
        return Sha256.hex(listing.toString());
    }
}
