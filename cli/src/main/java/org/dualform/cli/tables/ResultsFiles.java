package org.dualform.cli.tables;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.FileFailure;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.report.paper.MeasuredStudy;
import org.dualform.score.result.Results;
import org.dualform.task.file.StudyFile;

/** Reads studies from their files. */
final class ResultsFiles {
    private static final String ENDING = ".results.json";

    private ResultsFiles() {}

    /**
     * Reads all, each under a name: that of its folder, or of the file where this has a name of its own.
     *
     * @throws UserException naming every file that is no study's results
     */
    static List<MeasuredStudy> read(List<Path> files) {
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        List<MeasuredStudy> studies = new ArrayList<>();
        Map<String, Path> fileOf = new LinkedHashMap<>();
        for (Path named : files) {
            Path file = Files.isDirectory(named) ? named.resolve(StudyFile.RESULTS.fileName()) : named;
            mistakes.collect(() -> {
                MeasuredStudy study = new MeasuredStudy(name(file), results(file));
                Path other = fileOf.putIfAbsent(study.name(), file);
                if (other != null)
                    throw UserException.usage("Two studies are named " + study.name() + ": " + other + " and " + file
                            + ". Name each once, or rename the folder of one.");
                studies.add(study);
            });
        }
        mistakes.throwIfAny();
        return studies;
    }

    private static Results results(Path file) {
        try {
            Results results = Json.mapper().readValue(Files.readAllBytes(file), Results.class);
            if (results.summary() == null
                    || results.spec() == null
                    || results.summary().isEmpty())
                throw UserException.data(
                        file + " holds no summary of a study. Name the results.json that run wrote, or its folder.");
            return results;
        } catch (JacksonException e) {
            throw UserException.data(file + " is no results.json of a study: " + e.getOriginalMessage() + ".");
        } catch (IOException e) {
            throw UserException.data(file + " cannot be read: " + FileFailure.reason(e) + ".");
        }
    }

    private static String name(Path file) {
        String own = file.getFileName().toString();
        if (!own.equals(StudyFile.RESULTS.fileName())) return own.replaceFirst("(\\.results)?\\.json$", "");
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null || folder.getFileName() == null
                ? own
                : folder.getFileName().toString();
    }

    /** Name of the file in which the concise results of a study are kept. */
    static String conciseName(MeasuredStudy study) {
        return study.name() + ENDING;
    }
}
