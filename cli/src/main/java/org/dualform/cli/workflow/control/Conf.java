package org.dualform.cli.workflow.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.dualform.airflow.dag.DagForm;
import org.dualform.base.NearestNames;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.Schemas;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.task.plan.SpecCheck;

/**
 * Makes the conf of a run. It converts values given as text to the types of the DAG's form: a multi-select takes an
 * array, a number field a number. It checks them against the form's rules before anything is sent.
 */
public final class Conf {
    private final DagForm form;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final Mistakes mistakes = new Mistakes(ExitCode.USAGE);

    private Conf(DagForm form, ObjectNode given) {
        this.form = form;
        given.properties().forEach(field -> read(field.getKey(), field.getValue()));
    }

    /**
     * @param given by parameter name; text, or values that have a type already
     * @throws org.dualform.contract.UserException that names every unknown parameter and wrong value at once
     */
    public static Map<String, Object> checked(DagForm form, ObjectNode given) {
        return new Conf(form, given).checked();
    }

    /**
     * As {@link #checked}, for tasks that run on this machine. If the form refuses a value, the models and data sets
     * that the rest of the experiment names are looked up as well. All mistakes are then reported together.
     *
     * @param environment the environment variables, which name the roots of models and data sets
     */
    public static Map<String, Object> checkedHere(DagForm form, ObjectNode given, Map<String, String> environment)
            throws IOException {
        Conf conf = new Conf(form, given);
        if (!conf.mistakes.isEmpty() && conf.isExperiment()) SpecCheck.check(conf.draft(), environment);
        return conf.checked();
    }

    private Map<String, Object> checked() {
        mistakes.throwIfAny();
        return values;
    }

    private void read(String name, JsonNode given) {
        DagForm.Parameter parameter = form.parameters().get(name);
        if (parameter == null) {
            mistakes.add(unknown(form, name));
            return;
        }
        JsonNode value = FormValue.of(parameter, given);
        if (check(name, parameter, value)) values.put(name, Json.mapper().convertValue(value, Object.class));
        else refused.add(name);
    }

    private boolean isExperiment() {
        JsonNode known = Schemas.SPEC.document().path("properties");
        return form.parameters().keySet().stream().allMatch(known::has);
    }

    /** The experiment, with the form's defaults for values that are absent or refused. */
    private Draft draft() {
        Map<String, Object> spec = new LinkedHashMap<>();
        form.parameters().forEach((name, parameter) -> {
            if (parameter.value() != null) spec.put(name, parameter.value());
        });
        spec.putAll(values);
        return Experiment.draft(Json.mapper().valueToTree(spec)).with(mistakes.found(), refused);
    }

    private static String unknown(DagForm form, String name) {
        Collection<String> known = form.parameters().keySet();
        return "The form of " + form.dagId() + " has no parameter " + name + "; " + NearestNames.hint(name, known)
                + ".";
    }

    private boolean check(String name, DagForm.Parameter parameter, JsonNode value) {
        boolean right = true;
        JsonNode schema = Json.mapper().valueToTree(parameter.schema());
        for (Error error : SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(value)) {
            right = false;
            String description = parameter.description();
            mistakes.add(name + " is " + shown(value) + ", but it " + rule(error) + "."
                    + (description == null ? "" : " " + description));
        }
        return right;
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
