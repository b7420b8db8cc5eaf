package org.dualform.cli.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.airflow.DagForm;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.spec.NearestNames;

/**
 * The conf of a run: values given as text become what the DAG's form wants (its multi-selects want arrays, its numbers
 * numbers), and are checked against the form's rules before anything is sent.
 */
public final class Conf {
    private Conf() {}

    /**
     * @param given by parameter name; text, or values that have a type already
     * @throws org.dualform.contract.UserException that names every unknown parameter and wrong value at once
     */
    public static Map<String, Object> checked(DagForm form, ObjectNode given) {
        Map<String, Object> conf = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            DagForm.Parameter parameter = form.parameters().get(field.getKey());
            if (parameter == null) {
                mistakes.add(unknown(form, field.getKey()));
            } else {
                JsonNode value = FormValue.of(parameter, field.getValue());
                check(field.getKey(), parameter, value, mistakes);
                conf.put(field.getKey(), Json.mapper().convertValue(value, Object.class));
            }
        }
        mistakes.throwIfAny();
        return conf;
    }

    private static String unknown(DagForm form, String name) {
        Collection<String> known = form.parameters().keySet();
        return "The form of " + form.dagId() + " has no parameter " + name + "; " + NearestNames.hint(name, known)
                + ".";
    }

    private static void check(String name, DagForm.Parameter parameter, JsonNode value, Mistakes mistakes) {
        JsonNode schema = Json.mapper().valueToTree(parameter.schema());
        for (Error error : SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(value)) {
            String description = parameter.description();
            mistakes.add(name + " is " + shown(value) + ", but it " + rule(error) + "."
                    + (description == null ? "" : " " + description));
        }
    }

    /** The library's words are in the imperative of the rule: "must be at least …", "does not match …". */
    private static String rule(Error error) {
        String place = error.getInstanceLocation().toString();
        String message = String.valueOf(error.getMessage());
        return (place.isEmpty() || place.equals("$") ? "" : "has at " + place + " something that ") + message;
    }

    private static String shown(JsonNode value) {
        return (value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value).toString();
    }
}
