package org.dualform.airflow.dag;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dualform.airflow.api.model.DAGDetailsResponse;
import org.jspecify.annotations.Nullable;

/**
 * A DAG with its trigger form.
 *
 * @param paused whether Airflow starts its runs only after the DAG is unpaused
 * @param parameters what the form offers, by name and in the form's order
 */
public record DagForm(String dagId, boolean paused, Map<String, Parameter> parameters) {

    /**
     * One parameter of the form.
     *
     * @param value the default value
     * @param description the help text, or null
     * @param schema the JSON Schema of the value, with the form's own keywords
     */
    public record Parameter(
            @Nullable Object value, @Nullable String description, Map<String, Object> schema) {

        /** Whether a value may have the JSON type {@code name}. */
        public boolean allows(String name) {
            Object type = schema.get("type");
            return name.equals(type) || (type instanceof Iterable<?> types && contains(types, name));
        }

        private static boolean contains(Iterable<?> types, String name) {
            for (Object type : types) {
                if (name.equals(type)) {
                    return true;
                }
            }
            return false;
        }
    }

    public static DagForm of(DAGDetailsResponse dag) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        Map<String, Object> raw = dag.getParams();
        if (raw != null) {
            raw.forEach((name, value) -> parameters.put(name, parameter(value)));
        }
        return new DagForm(dag.getDagId(), Boolean.TRUE.equals(dag.getIsPaused()), parameters);
    }

    private static Parameter parameter(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return new Parameter(value, null, Map.of());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        if (map.get("schema") instanceof Map<?, ?> given) {
            given.forEach((key, member) -> schema.put(String.valueOf(key), member));
        }
        Object description = map.get("description");
        return new Parameter(map.get("value"), description == null ? null : description.toString(), schema);
    }
}
