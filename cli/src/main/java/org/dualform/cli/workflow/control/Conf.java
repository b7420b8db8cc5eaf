package org.dualform.cli.workflow.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.dualform.base.NearestNames;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;

/**
 * The conf of a run. Values given as text are converted to the types of the DAG's form: a multi-select takes an array, a
 * number field a number. They are checked before anything is sent.
 */
public final class Conf {
    private final DagForm form;
    private final ObjectNode converted = Json.mapper().createObjectNode();
    private final List<String> unknown = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    private Conf(DagForm form, ObjectNode given) {
        this.form = form;
        given.properties().forEach(field -> read(field.getKey(), field.getValue()));
    }

    /** @param given by parameter name; text, or values that have a type already */
    public static Conf of(DagForm form, ObjectNode given) {
        return new Conf(form, given);
    }

    /** Whether the form is an experiment's, so that its values can be checked as {@code run} checks them. */
    public boolean isExperiment() {
        return ExperimentForm.isExperiment(form);
    }

    /**
     * Checks the values by the form's rules. An experiment is checked by its own grammar and ranges too, but nothing
     * that it names is looked up.
     *
     * @return the values to send
     * @throws org.dualform.contract.UserException that names every unknown parameter and wrong value at once
     */
    public Map<String, Object> checked() {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        unknown.forEach(mistakes::add);
        if (isExperiment()) new ExperimentForm(form, converted, unknown, refused).checkGrammar();
        refused.values().forEach(mistakes::add);
        mistakes.throwIfAny();
        return values();
    }

    /**
     * As {@link #checked}, for tasks that run on this machine: the models, data sets and files that an experiment names
     * are looked up as well, as {@code run} does.
     *
     * @param environment the variables that the tasks will see; they name the roots of models and data sets
     */
    public Map<String, Object> checkedHere(Map<String, String> environment) throws IOException {
        if (isExperiment()) new ExperimentForm(form, converted, unknown, refused).checkHere(environment);
        return checked();
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        converted
                .properties()
                .forEach(field ->
                        values.put(field.getKey(), Json.mapper().convertValue(field.getValue(), Object.class)));
        return values;
    }

    private void read(String name, JsonNode given) {
        DagForm.Parameter parameter = form.parameters().get(name);
        if (parameter == null) {
            unknown.add(unknown(form, name));
            return;
        }
        JsonNode value = FormValue.of(parameter, given);
        converted.set(name, value);
        check(name, parameter, value);
    }

    private static String unknown(DagForm form, String name) {
        Collection<String> known = form.parameters().keySet();
        return "The form of " + form.dagId() + " has no parameter " + name + "; " + NearestNames.hint(name, known)
                + ".";
    }

    private void check(String name, DagForm.Parameter parameter, JsonNode value) {
        JsonNode schema = Json.mapper().valueToTree(parameter.schema());
        for (Error error : SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(value)) {
            String description = parameter.description();
            refused.putIfAbsent(
                    name,
                    name + " is " + shown(value) + ", but it " + rule(error) + "."
                            + (description == null ? "" : " " + description));
        }
    }

    /** The rule that was broken, in the library's words: "must be at least …", "does not match …". */
    private static String rule(Error error) {
        String place = error.getInstanceLocation().toString();
        String message = String.valueOf(error.getMessage());
        return (place.isEmpty() || place.equals("$") ? "" : "has at " + place + " something that ") + message;
    }

    private static String shown(JsonNode value) {
        return (value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value).toString();
    }
}
