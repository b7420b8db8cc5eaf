package org.dualform.score.similarity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordReader;
import org.dualform.record.RecordShape;
import org.dualform.record.Setting;
import org.dualform.record.SettingRecords;
import org.dualform.record.TrainingRecords;
import org.jspecify.annotations.Nullable;

/**
 * A cell's records, opened and checked to belong to one model and one set of prompts.
 *
 * @param shots demonstrations recorded
 * @param shape of what is recorded of each row
 * @param contextTokens tokens of the context
 * @param demonstrations columns of each demonstration in the context, without its EOS
 * @param reordered the same rows under another order of the demonstrations; null if not recorded
 * @param otherDemonstrations columns of the same demonstrations under that order
 */
public record CellRecords(
        int shots,
        RecordShape shape,
        int contextTokens,
        List<Columns> demonstrations,
        SettingRecords zsl,
        SettingRecords icl,
        @Nullable SettingRecords reordered,
        List<Columns> otherDemonstrations,
        SettingRecords ft,
        Training training) {
    /** The columns from {@code first} on, before {@code end}. */
    public record Columns(int first, int end) {
        int size() {
            return end - first;
        }
    }

    /** What was recorded while training. */
    public record Training(RecordReader file, TrainingRecords records) {}

    /**
     * Opens the files of in-context inference, of fine-tuned inference and of training.
     *
     * @throws org.dualform.contract.UserException if one is damaged, or they do not belong together
     */
    public static CellRecords open(Path icl, Path ft, Path training) {
        RecordReader iclFile = RecordReader.open(icl);
        RecordReader ftFile = RecordReader.open(ft);
        RecordReader trainingFile = RecordReader.open(training);
        RecordAbout about = RecordAbout.of(iclFile);
        about.requireSame(RecordAbout.of(ftFile), "ft");
        about.requireSame(RecordAbout.of(trainingFile), "training");
        RecordShape shape = RecordShape.of(iclFile);
        List<Columns> columns = columns(iclFile);
        boolean other = iclFile.has(Setting.REORDERED.contextScores());
        SettingRecords iclRecords = new SettingRecords(iclFile, Setting.ICL, shape);
        return new CellRecords(
                about.shots(),
                shape,
                iclRecords.contextTokens(),
                columns,
                new SettingRecords(iclFile, Setting.ZSL, shape),
                iclRecords,
                other ? new SettingRecords(iclFile, Setting.REORDERED, shape) : null,
                other
                        ? moved(columns, iclRecords.contextTokens(), iclFile.numbers("other_order", columns.size()))
                        : List.of(),
                new SettingRecords(ftFile, Setting.FT, shape),
                new Training(trainingFile, TrainingRecords.of(trainingFile)));
    }

    private static List<Columns> columns(RecordReader file) {
        List<Integer> first = file.numbers("first_columns");
        List<Integer> end = file.numbers("end_columns", first.size());
        List<Columns> columns = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) columns.add(new Columns(first.get(i), end.get(i)));
        return columns;
    }

    /**
     * The columns of each demonstration when demonstration {@code order[i]} is the i-th. What ends it, such as EOS, stays
     * behind it.
     */
    private static List<Columns> moved(List<Columns> columns, int contextTokens, List<Integer> order) {
        Columns[] moved = new Columns[order.size()];
        int at = columns.get(0).first();
        for (int demonstration : order) {
            Columns own = columns.get(demonstration);
            moved[demonstration] = new Columns(at, at + own.size());
            boolean last = demonstration + 1 == columns.size();
            at += (last ? contextTokens : columns.get(demonstration + 1).first()) - own.first();
        }
        return List.of(moved);
    }

    /** Tokens of all demonstrations. */
    int demonstrationTokens() {
        return demonstrations.stream().mapToInt(Columns::size).sum();
    }
}
