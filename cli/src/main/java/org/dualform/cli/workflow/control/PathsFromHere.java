package org.dualform.cli.workflow.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dualform.base.CommaList;
import org.dualform.data.DatasetLocator;
import org.dualform.prompt.Templates;
import org.dualform.spec.Experiment;
import org.dualform.task.source.ModelFolders;

/**
 * Makes the relative paths of an experiment absolute. A person names files relative to the shell's folder, but the tasks
 * of the local Airflow run in another one.
 */
public final class PathsFromHere {
    private static final Set<String> LISTS = Set.of("datasets", "other_datasets", "template");
    private static final Set<String> TEXTS = Set.of("model", "rows");

    private final Map<String, Set<String>> names;

    private PathsFromHere(Map<String, String> environment) {
        Set<String> datasets = new HashSet<>();
        DatasetLocator.fromEnvironment(environment, (reference, home) -> Optional.empty())
                .named()
                .forEach(named -> datasets.add(named.name()));
        Set<String> templates = new HashSet<>(Templates.BUILT_IN);
        templates.add(Experiment.AUTO);
        this.names = Map.of(
                "model",
                Set.copyOf(ModelFolders.fromEnvironment(environment).names()),
                "datasets",
                datasets,
                "other_datasets",
                datasets,
                "template",
                templates,
                "rows",
                Set.of());
    }

    /**
     * The same values; files and folders that exist here are named by their absolute paths. Names that a root or the
     * built-in ones have stay names.
     *
     * @param given parameters as text or lists
     * @param environment names the roots of models and data sets
     */
    public static ObjectNode absolute(ObjectNode given, Map<String, String> environment) {
        PathsFromHere here = new PathsFromHere(environment);
        ObjectNode all = given.deepCopy();
        given.properties().forEach(field -> all.set(field.getKey(), here.value(field.getKey(), field.getValue())));
        return all;
    }

    private JsonNode value(String parameter, JsonNode value) {
        if (!LISTS.contains(parameter) && !TEXTS.contains(parameter)) return value;
        UnaryOperator<String> one = text -> reference(parameter, text);
        if (value.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> list.add(item.isTextual() ? TextNode.valueOf(one.apply(item.textValue())) : item));
            return list;
        }
        if (!value.isTextual()) return value;
        if (TEXTS.contains(parameter)) return TextNode.valueOf(one.apply(value.textValue()));
        List<String> parts = new ArrayList<>();
        for (String part : CommaList.names(value.textValue())) parts.add(one.apply(part));
        return TextNode.valueOf(CommaList.text(parts));
    }

    private String reference(String parameter, String text) {
        String reference = text.strip();
        if (reference.isEmpty() || names.getOrDefault(parameter, Set.of()).contains(reference)) return text;
        try {
            Path path = Path.of(reference);
            return !path.isAbsolute() && Files.exists(path)
                    ? path.toAbsolutePath().normalize().toString()
                    : text;
        } catch (InvalidPathException e) {
            // No path at all; the check of the experiment reports it.
            return text;
        }
    }
}
