package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code results.json}: what an experiment found.
 *
 * @param schema version of the file's layout, 1
 * @param spec the normalised experiment
 * @param provenance versions, machine, hashes, times
 * @param rows one for each cell and requested shot count
 * @param summary the same over seeds and orders
 * @param selection how the methods did on the selection rows, one for each model and data set that had such rows
 * @param answers the claim about each model and data set
 * @param rates the learning rates that were chosen, one for each data set and way to fine-tune
 */
public record Results(
        int schema,
        JsonNode spec,
        JsonNode provenance,
        List<ResultRow> rows,
        List<SummaryRow> summary,
        List<SelectionCurve> selection,
        List<Answer> answers,
        List<ChosenRate> rates) {
    /** Files of earlier versions have neither selection nor answers nor rates. */
    @JsonCreator
    public Results(
            int schema,
            JsonNode spec,
            JsonNode provenance,
            List<ResultRow> rows,
            List<SummaryRow> summary,
            @Nullable List<SelectionCurve> selection,
            @Nullable List<Answer> answers,
            @Nullable List<ChosenRate> rates) {
        this.schema = schema;
        this.spec = spec;
        this.provenance = provenance;
        this.rows = rows;
        this.summary = summary;
        this.selection = selection == null ? List.of() : selection;
        this.answers = answers == null ? List.of() : answers;
        this.rates = rates == null ? List.of() : rates;
    }

    /** Where no learning rate was chosen. */
    public Results(
            int schema,
            JsonNode spec,
            JsonNode provenance,
            List<ResultRow> rows,
            List<SummaryRow> summary,
            List<SelectionCurve> selection,
            List<Answer> answers) {
        this(schema, spec, provenance, rows, summary, selection, answers, List.of());
    }
}
