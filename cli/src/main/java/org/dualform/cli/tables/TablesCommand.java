package org.dualform.cli.tables;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.report.ResultsJson;
import org.dualform.report.paper.ConciseResults;
import org.dualform.report.paper.MeasuredStudy;
import org.dualform.report.paper.ResultsPage;
import org.dualform.task.store.Durable;
import org.dualform.task.store.StorageErrors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dualform tables}: finished studies as the tables of the paper. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows finished studies as the paper's tables, beside the paper's own numbers.",
            "Prints Markdown: tables 1 to 5 of Dai et al. 2022, where their directions hold, shot curves, controls, and what"
                    + " cannot be concluded. Of several studies of one model, the tables show the one with the most"
                    + " answers.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  dualform run --spec studies/*.yaml --out my/studies",
            "  dualform tables my/studies/* --out my/page.md"
        })
public final class TablesCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "STUDY",
            arity = "1..*",
            description = "What run calls --out: a folder with a results.json, or such a file.")
    private List<Path> studies = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = {
                "Write the page to this file.",
                "If the file has the line '" + MarkedPage.MARK + "', only what follows it is replaced."
            })
    private @Nullable Path out;

    @Option(
            names = "--concise",
            paramLabel = "DIR",
            description =
                    "Also keep what the tables need of each study, as DIR/STUDY.results.json, some kilobytes each.")
    private @Nullable Path concise;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        List<MeasuredStudy> measured = ResultsFiles.read(studies);
        String page = new ResultsPage(measured).markdown();
        ObjectNode document = json.document();
        PrintWriter people = json.people();
        if (concise != null) keep(measured, concise);
        if (out == null) {
            people.print(page);
        } else {
            written(out, page);
            people.println("Page: " + out);
        }
        document.put("page", page);
        json.print(document);
        return ExitCode.DONE.code();
    }

    private static void keep(List<MeasuredStudy> measured, Path folder) {
        try {
            Files.createDirectories(folder);
            for (MeasuredStudy study : measured)
                Durable.write(
                        folder.resolve(ResultsFiles.conciseName(study)),
                        Json.pretty(ResultsJson.of(ConciseResults.of(study.results())))
                                .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StorageErrors.explain(e, "folder --concise", folder);
        }
    }

    private static void written(Path file, String page) {
        try {
            MarkedPage.write(file, page);
        } catch (IOException e) {
            throw StorageErrors.explain(e, "file --out", file);
        }
    }
}
