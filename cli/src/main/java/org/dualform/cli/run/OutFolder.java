package org.dualform.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.task.Chain;
import org.dualform.task.file.StudyFile;
import org.dualform.task.store.StorageErrors;

/** The folder of {@code --out}: what a study leaves there for people. */
record OutFolder(Path folder) {

    /** Refuses, before anything is measured, a folder in which a file of the study could not be written at the end. */
    void check() {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            mistakes.add("--out is a folder; " + folder + " is a file. Name another.");
        }
        for (StudyFile file : StudyFile.values()) {
            Path target = file(file);
            if (Files.isDirectory(target)) {
                mistakes.add("The study writes the file " + target
                        + ", and a folder of that name is in the way. Move it," + " or name another folder by --out.");
            }
        }
        mistakes.throwIfAny();
    }

    Path file(StudyFile file) {
        return folder.resolve(file.fileName());
    }

    /** The workspace, where everything that is computed is kept for a rerun. */
    Path workspace() {
        return folder.resolve("workspace");
    }

    /** Copies a finished file out of the workspace. */
    void export(Path made, StudyFile file) {
        try {
            Chain.export(made, file(file));
        } catch (IOException e) {
            throw StorageErrors.explain(
                    e, "folder --out", folder.toAbsolutePath().normalize());
        }
    }
}
