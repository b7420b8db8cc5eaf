package org.dualform.task.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.dualform.contract.Json;
import org.dualform.finetune.RateSelection;

/** The origin of the learning rate of fine-tuning. */
public sealed interface RateChoice {
    /** The rate; empty if there is no fine-tuning. */
    OptionalDouble learningRate();

    /** Writes it into the file's object. */
    void put(ObjectNode json);

    /** Nothing is fine-tuned. */
    record None() implements RateChoice {
        private static final String HOW = "no fine-tuning was asked for";

        @Override
        public OptionalDouble learningRate() {
            return OptionalDouble.empty();
        }

        @Override
        public void put(ObjectNode json) {
            json.put("how", HOW).putNull("learning_rate");
        }
    }

    /** The rate was given. */
    record Given(double rate) implements RateChoice {
        private static final String HOW = "given";

        @Override
        public OptionalDouble learningRate() {
            return OptionalDouble.of(rate);
        }

        @Override
        public void put(ObjectNode json) {
            json.put("how", HOW).put("learning_rate", rate);
        }
    }

    /** A rate that stands in: none was given, and no rows were to be chosen on. */
    record Unchosen(double rate) implements RateChoice {
        private static final String HOW = "unchosen";

        @Override
        public OptionalDouble learningRate() {
            return OptionalDouble.of(rate);
        }

        @Override
        public void put(ObjectNode json) {
            json.put("how", HOW).put("learning_rate", rate);
        }
    }

    /** The rate was chosen from a grid. */
    record Chosen(RateSelection.Selection selection) implements RateChoice {
        private static final String HOW = "chosen";

        @Override
        public OptionalDouble learningRate() {
            return OptionalDouble.of(selection.learningRate());
        }

        @Override
        public void put(ObjectNode json) {
            json.put("how", HOW).put("learning_rate", selection.learningRate());
            json.set("grid", Json.mapper().valueToTree(selection.grid()));
            json.set("untuned", Json.mapper().valueToTree(selection.untuned()));
            json.put("place", selection.place().name().toLowerCase(Locale.ROOT))
                    .put("shots", selection.shots())
                    .put("passes", selection.passes());
        }

        private static Chosen of(JsonNode json) throws JsonProcessingException {
            return new Chosen(new RateSelection.Selection(
                    json.path("learning_rate").doubleValue(),
                    RateSelection.Place.valueOf(json.path("place").asText().toUpperCase(Locale.ROOT)),
                    Json.mapper().treeToValue(json.path("untuned"), RateSelection.Point.class),
                    List.of(Json.mapper().treeToValue(json.path("grid"), RateSelection.Point[].class)),
                    json.path("shots").asInt(),
                    json.path("passes").asInt(),
                    json.path("n").asInt()));
        }
    }

    /** @throws IllegalArgumentException if it is none of these */
    static RateChoice of(JsonNode json) throws JsonProcessingException {
        String how = json.path("how").asText();
        return switch (how) {
            case None.HOW -> new None();
            case Given.HOW -> new Given(json.path("learning_rate").doubleValue());
            case Unchosen.HOW -> new Unchosen(json.path("learning_rate").doubleValue());
            case Chosen.HOW -> Chosen.of(json);
            default -> throw new IllegalArgumentException("how a learning rate is chosen: " + how);
        };
    }
}
