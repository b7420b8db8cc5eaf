package org.dualform.cli.workflow.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dualform.airflow.dag.DagForm;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.arm.Arms;
import org.dualform.task.plan.SpecCheck;

/**
 * An experiment that was entered in a DAG's form. It is read and checked as {@code run} reads and checks one. What only
 * the form refuses is told too, and so is an experiment of several cells where the DAG measures one.
 */
final class ExperimentForm {
    private static final String ARMS = "arms";
    private static final String DATASETS = "datasets";

    private final Draft draft;

    /**
     * @param values what is entered, by parameter; the form's defaults stand for the others
     * @param unknown sentences about parameters that the form does not have
     * @param refused a sentence for each value that the form refuses, by parameter
     */
    ExperimentForm(DagForm form, ObjectNode values, List<String> unknown, Map<String, String> refused) {
        Draft read = Experiment.draft(spec(form, values));
        List<String> found = new ArrayList<>(unknown);
        Optional<String> cells = isSingle(form) ? CellCount.mistake(form.dagId(), read) : Optional.empty();
        cells.ifPresent(found::add);
        refused.forEach((parameter, sentence) -> {
            // The grammar has better words for the same mistake.
            if (!read.isRight(parameter) || (cells.isPresent() && CellCount.LISTS.contains(parameter))) return;
            found.add(
                    isSingle(form) && CellCount.LISTS.contains(parameter)
                            ? parameter + ": has to be a single value, without a comma, not " + values.path(parameter)
                                    + "."
                            : sentence);
        });
        this.draft = found.isEmpty() ? read : read.with(found, Set.of());
    }

    /** Whether every field of the form is an experiment's, and all that an experiment needs are there. */
    static boolean isExperiment(DagForm form) {
        JsonNode schema = Schemas.SPEC.document();
        Set<String> fields = form.parameters().keySet();
        for (JsonNode required : schema.path("required")) if (!fields.contains(required.asText())) return false;
        return fields.stream().allMatch(schema.path("properties")::has);
    }

    /** @throws org.dualform.contract.UserException naming every mistake at once */
    void checkGrammar() {
        draft.checked();
    }

    /**
     * Also looks up what the experiment names.
     *
     * @throws org.dualform.contract.UserException naming every mistake at once
     */
    void checkHere(Map<String, String> environment) throws IOException {
        SpecCheck.check(draft, environment);
    }

    /** A form for one cell asks for one data set in a text field. The other forms have a list to select from. */
    private static boolean isSingle(DagForm form) {
        DagForm.Parameter datasets = form.parameters().get(DATASETS);
        return datasets != null && !datasets.allows("array");
    }

    /** The spec that the DAG's task plan will read. */
    private static ObjectNode spec(DagForm form, ObjectNode values) {
        ObjectNode spec = Json.mapper().createObjectNode();
        form.parameters().forEach((name, parameter) -> {
            if (parameter.value() != null) spec.set(name, Json.mapper().valueToTree(parameter.value()));
        });
        spec.setAll(values);
        String arms = spec.path(ARMS).asText(Arms.MAIN);
        // A control is measured beside main unless main is left out. Here, the control is the only cell.
        if (isSingle(form) && !arms.equals(Arms.MAIN)) spec.put(ARMS, arms + "," + Arms.NOT_MAIN);
        return spec;
    }
}
