package org.dualform.task.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dualform.base.CommaList;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.momentum.MomentumStudy;
import org.dualform.momentum.StudySize;
import org.jspecify.annotations.Nullable;

/**
 * Reads a study from the values of a form, or from JSON: {@code contract/schema/momentum.schema.json}, which also holds
 * the defaults.
 */
final class StudyForm {
    private final JsonNode values;
    private final JsonNode properties = Schemas.MOMENTUM.document().path("properties");
    private final Mistakes mistakes = new Mistakes(ExitCode.USAGE);

    private StudyForm(JsonNode values) {
        this.values = values;
    }

    /** @throws UserException naming every mistake */
    static MomentumStudy read(JsonNode values) {
        return new StudyForm(values).study();
    }

    private MomentumStudy study() {
        values.fieldNames().forEachRemaining(name -> {
            if (!properties.has(name)) mistakes.add("study: there is no " + name + ".");
        });
        List<String> variants = list("variants", "names", text -> text);
        List<Double> decays = list("eta", "numbers", Double::valueOf);
        List<Long> seeds = list("seeds", "whole numbers", Long::valueOf);
        @Nullable Integer steps = steps();
        Optional<StudySize> size = size();
        // What could not be read stands at its default meanwhile, so that the rest is checked too.
        Supplier<MomentumStudy> study =
                () -> new MomentumStudy(size.orElse(StudySize.TINY), variants, decays, seeds, null, null, steps);
        mistakes.collect(() -> {
            MomentumStudy unused = study.get();
        });
        mistakes.throwIfAny();
        return study.get();
    }

    private JsonNode value(String name) {
        JsonNode given = values.path(name);
        return given.isMissingNode() ? properties.path(name).path("default") : given;
    }

    private <T> List<T> list(String name, String items, Function<String, T> read) {
        JsonNode value = value(name);
        try {
            return texts(value).stream().map(read).toList();
        } catch (NumberFormatException e) {
            mistakes.add(name + ": has to be " + items + ", comma-separated, not " + value + ".");
            return texts(properties.path(name).path("default")).stream()
                    .map(read)
                    .toList();
        }
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value.isTextual() && !value.asText().isBlank()) texts.addAll(CommaList.names(value.asText()));
        if (value.isArray()) value.forEach(item -> texts.add(item.asText()));
        if (value.isNumber()) texts.add(value.asText());
        return texts;
    }

    private @Nullable Integer steps() {
        JsonNode value = value("steps");
        if (value.isNull() || value.asText().isBlank()) return null;
        if (value.asText().matches("\\d{1,9}")) return Integer.valueOf(value.asText());
        mistakes.add("steps: has to be a whole number from 1 to 1000000, or nothing, not " + value + ".");
        return null;
    }

    private Optional<StudySize> size() {
        try {
            StudySize size = StudySize.of(value("size").asText());
            size.requireFeasible();
            return Optional.of(size);
        } catch (UserException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
