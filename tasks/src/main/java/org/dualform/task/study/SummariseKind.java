package org.dualform.task.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.finetune.RateSelection;
import org.dualform.report.Report;
import org.dualform.score.cell.CellScores;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.Answers;
import org.dualform.score.study.ControlArms;
import org.dualform.score.study.StudySummary;
import org.dualform.task.file.PlanFile;
import org.dualform.task.file.RateChoice;
import org.dualform.task.file.SelectionFile;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.SummaryTracking;
import org.jspecify.annotations.Nullable;

/** Combines the scores of all cells. A cell without scores gets rows that say so. */
public final class SummariseKind implements TaskKind<SummariseKind.Parameters> {
    /** Prefix of the input with a cell's scores; the cell's id follows. */
    public static final String SCORES = "scores.";
    /** Prefix of the input with a selection; the id of select's item follows. */
    public static final String SELECTION = "selection.";
    /** Name of its only parameter. */
    public static final String FAILURES = "failures";

    /**
     * The parameters of {@code summarise}.
     *
     * @param failures the reasons why cells have no scores, by the cell's id, as far as the caller knows; null if it
     *     knows none
     */
    public record Parameters(@Nullable Map<String, String> failures) {
        private String reason(String cell) {
            String failure = failures == null ? "" : failures.getOrDefault(cell, "");
            return failure.isEmpty() ? "the cell has no scores: its tasks failed or never ran" : failure;
        }
    }

    @Override
    public String name() {
        return "summarise";
    }

    @Override
    public int algorithmVersion() {
        return 5;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new SummaryTracking(study, SummaryTracking.Role.SUMMARISE);
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        PlanFile plan = PlanFile.read(context.input(PlanFile.OUTPUT));
        Map<String, CellScores> scored = new LinkedHashMap<>();
        List<ResultRow> rows = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Result.Item cell : plan.cells()) {
            Optional<Path> file = context.optionalInput(SCORES + cell.id());
            if (file.isPresent()) {
                CellScores scores = Json.mapper().readValue(Files.readAllBytes(file.get()), CellScores.class);
                scored.put(cell.id(), scores);
                rows.addAll(scores.rows());
            } else {
                missing.add(cell.name());
                rows.addAll(MissingCell.rows(cell, parameters.reason(cell.id())));
            }
        }
        List<SummaryRow> summary = ControlArms.besideSummary(StudySummary.of(List.copyOf(scored.values())));
        Map<Result.Item, SelectionFile> selections = selections(context, plan);
        List<SelectionCurve> curves = selections.values().stream()
                .flatMap(selection -> Optional.ofNullable(selection.curve()).stream())
                .toList();
        Results results = new Results(
                1,
                plan.spec(),
                StudyProvenance.of(plan),
                ControlArms.beside(rows),
                summary,
                curves,
                Answers.of(summary, curves),
                rates(selections));
        return TaskOutcome.done(new StudyFiles(results, List.copyOf(scored.values())).write(context.folder()))
                .withMetric("cells", (double) scored.size())
                .withMetric("missing", (double) missing.size())
                .with(message(missing, results));
    }

    /** What every select item that ran has chosen. */
    private static Map<Result.Item, SelectionFile> selections(TaskContext context, PlanFile plan) throws IOException {
        Map<Result.Item, SelectionFile> selections = new LinkedHashMap<>();
        for (Result.Item item : plan.select()) {
            Optional<Path> file = context.optionalInput(SELECTION + item.id());
            if (file.isPresent()) selections.put(item, SelectionFile.read(file.get()));
        }
        return selections;
    }

    private static List<ChosenRate> rates(Map<Result.Item, SelectionFile> selections) {
        List<ChosenRate> rates = new ArrayList<>();
        selections.forEach((item, selection) -> {
            if (!(selection.rate() instanceof RateChoice.Chosen chosen)) return;
            SelectParameters parameters = ParameterReader.read(SelectParameters.class, item.parameters());
            RateSelection.Selection made = chosen.selection();
            rates.add(new ChosenRate(
                    parameters.use().model().name(),
                    parameters.inputs().dataset().name(),
                    parameters.arm(),
                    made.learningRate(),
                    ChosenRate.Place.valueOf(made.place().name()),
                    made.grid().get(0).learningRate(),
                    made.grid().get(made.grid().size() - 1).learningRate()));
        });
        return rates;
    }

    /** What is missing, the answer and the table: the task prints it, so that the study can be read in its log. */
    private static String message(List<String> missing, Results results) {
        String answer = new Report(results).text().stripTrailing();
        if (missing.isEmpty()) return answer;
        return (missing.size() == 1 ? "One cell is missing: " : missing.size() + " cells are missing: ")
                + String.join(", ", missing) + ".\n\n" + answer;
    }
}
