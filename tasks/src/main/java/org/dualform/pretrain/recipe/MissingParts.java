package org.dualform.pretrain.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The parts that a recipe has to have and has not. Jackson would give a missing number the value 0, and name one mistake
 * at a time.
 */
record MissingParts(List<String> names) {
    /** The missing parts of a record: every component that may not be null, at any depth. */
    static MissingParts of(Class<? extends Record> type, JsonNode tree) {
        List<String> names = new ArrayList<>();
        find(type, tree, "", names);
        return new MissingParts(names);
    }

    private static void find(Class<?> type, JsonNode tree, String at, List<String> names) {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = named == null ? component.getName() : named.value();
            JsonNode value = tree.path(name);
            boolean absent = value.isMissingNode() || value.isNull();
            if (absent && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) names.add(at + name);
            if (absent) continue;
            if (component.getType().isRecord() && value.isObject())
                find(component.getType(), value, at + name + ".", names);
            if (element(component.getGenericType()) instanceof Class<?> each && each.isRecord()) {
                for (JsonNode one : value) find(each, one, at + name + ".", names);
            }
        }
    }

    private static @Nullable Type element(Type type) {
        return type instanceof ParameterizedType of && of.getRawType() == List.class
                ? of.getActualTypeArguments()[0]
                : null;
    }

    void orThrow(String where) {
        if (!names.isEmpty()) {
            throw UserException.all(
                    ExitCode.DATA,
                    names.stream()
                            .map(name -> where + " is not a recipe: " + name + " is missing")
                            .toList());
        }
    }
}
