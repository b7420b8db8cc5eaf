package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.cli.output.JsonOption;
import org.dualform.cli.terminal.Console;
import org.dualform.cli.terminal.ConsoleEvents;
import org.dualform.cli.terminal.TerminalWidth;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.report.Report;
import org.dualform.score.result.Results;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.task.Chain;
import org.dualform.task.Kinds;
import org.dualform.task.file.StudyFile;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;

/** Measures one study into its folder and prints what it found. */
final class StudyRun {
    private final OutFolder folder;
    private final JsonOption json;
    private final Cancellation cancellation;

    StudyRun(OutFolder folder, JsonOption json, Cancellation cancellation) {
        this.folder = folder;
        this.json = json;
        this.cancellation = cancellation;
    }

    /**
     * Measures the study.
     *
     * @param given as it was given. A wrong experiment is passed on as it is, because {@code plan} reports its mistakes
     *     together with those in the models and data sets that it names.
     * @param document takes what a program wants to know of the study
     * @throws DualformException if nothing came of it; what it left in its folder is removed again
     */
    ExitCode measure(ObjectNode given, ObjectNode document) throws IOException {
        Draft draft = Experiment.draft(given);
        NewFolders folders = NewFolders.before(folder.workspace());
        try {
            Chain.Ended ended = chain(
                    draft.isRight() ? draft.experiment().toJson() : given,
                    draft.experiment().machine().fresh());
            return told(ended, document);
        } catch (DualformException e) {
            folders.removeWithoutResult();
            throw e;
        }
    }

    private Chain.Ended chain(ObjectNode experiment, boolean fresh) throws IOException {
        Console console = Console.standard();
        ConsoleEvents terminal = new ConsoleEvents(console);
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(Kinds.all(System.getenv(), 1), models, terminal, cancellation);
            Chain.Ended ended = new Chain(runner, folder.workspace(), fresh, terminal)
                    .tellingTimes()
                    .run(experiment);
            console.clear();
            return ended;
        }
    }

    private ExitCode told(Chain.Ended ended, ObjectNode document) throws IOException {
        for (StudyFile file : StudyFile.values()) {
            Path made = ended.outputs().get(file.output());
            if (made != null) folder.export(made, file);
        }
        PrintWriter people = json.people();
        Results results = Json.mapper().readValue(Files.readAllBytes(ended.results()), Results.class);
        people.print(new Report(results).text(TerminalWidth.ofOutput()));
        people.println("Results: " + folder.file(StudyFile.RESULTS));
        people.println("Report:  " + folder.file(StudyFile.REPORT));
        people.flush();
        DualformException failure = ended.failure();
        document.put("results", folder.file(StudyFile.RESULTS).toString())
                .put("report", folder.file(StudyFile.REPORT).toString());
        document.set("answers", Json.mapper().valueToTree(results.answers()));
        if (failure == null) return ExitCode.DONE;
        document.put("failure", failure.getMessage());
        return failure.exitCode();
    }
}
