package org.dualform.spec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.OptionalInt;
import org.dualform.spec.choice.Preset;
import org.dualform.spec.read.SpecSchema;

/**
 * Binds the normal form of a spec to the records of {@link Experiment}, both ways. A component {@code recordLimit} is the
 * parameter {@code record_limit}; an empty {@link OptionalInt} is {@code auto}.
 */
final class SpecBinding {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // Each group takes its own parameters from the whole spec.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(OptionalInt.class, new NumberOrAuto.Write())
                    .addDeserializer(OptionalInt.class, new NumberOrAuto.Read()))
            .build();

    private SpecBinding() {}

    static Experiment read(ObjectNode spec) {
        return new Experiment(
                read(spec.path("preset"), Preset.class),
                read(spec, DataChoice.class),
                read(spec, MethodChoice.class),
                read(spec, RecordingChoice.class),
                read(spec, MachineChoice.class));
    }

    static ObjectNode write(Experiment experiment) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.set("preset", MAPPER.valueToTree(experiment.preset()));
        for (Record group :
                new Record[] {experiment.data(), experiment.methods(), experiment.recording(), experiment.machine()})
            all.setAll(MAPPER.<ObjectNode>valueToTree(group));
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        for (String name : new SpecSchema().names()) if (all.has(name)) spec.set(name, all.get(name));
        return spec;
    }

    private static <T> T read(JsonNode spec, Class<T> type) {
        try {
            return MAPPER.treeToValue(spec, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec in normal form always fits " + type.getSimpleName(), e);
        }
    }

    /** A whole number, or {@code auto}. */
    private static final class NumberOrAuto {
        private static final class Write extends StdSerializer<OptionalInt> {
            private static final long serialVersionUID = 1L;

            Write() {
                super(OptionalInt.class);
            }

            @Override
            public void serialize(OptionalInt value, JsonGenerator out, SerializerProvider provider)
                    throws IOException {
                if (value.isPresent()) out.writeNumber(value.getAsInt());
                else out.writeString(Experiment.AUTO);
            }
        }

        private static final class Read extends StdDeserializer<OptionalInt> {
            private static final long serialVersionUID = 1L;

            Read() {
                super(OptionalInt.class);
            }

            @Override
            public OptionalInt deserialize(JsonParser in, DeserializationContext context) throws IOException {
                JsonNode value = in.readValueAsTree();
                return value.isNumber() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
            }
        }
    }
}
