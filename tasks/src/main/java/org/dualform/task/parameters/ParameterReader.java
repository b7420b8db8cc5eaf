package org.dualform.task.parameters;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.prompt.Template;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.Choice;
import org.dualform.spec.choice.LearningRate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's parameters into a kind's record.
 *
 * <p>A component stands for the parameter of its name, in lower case with underscores: {@code chunkRows} is {@code
 * chunk_rows}. Components of a {@link ParameterGroup} count as the record's own. A component that may be null may be
 * absent. An enum is a {@link Choice}. A whole number is in the range that {@link Between} gives. Parameters that the record does not have are ignored, since an item of a plan
 * carries those of all kinds.
 *
 * <pre>{@code
 * PromptParameters parameters = ParameterReader.read(PromptParameters.class, request.parameters());
 * }</pre>
 */
public final class ParameterReader {
    private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
            new PropertyNamingStrategies.SnakeCaseStrategy();

    /** Converts no types: a number is no text, a fraction is no whole number, and null is no value. */
    private static final ObjectMapper STRICT = strict();

    /** The rule for a value of each type whose Java name says nothing to people. */
    private static final Map<Class<?>, String> RULES = Map.of(
            String.class, "a text",
            int.class, "a whole number",
            Integer.class, "a whole number",
            boolean.class, "true or false",
            Source.class, "an object with name, path and sha256",
            Template.class, "a template as plan writes it",
            Arm.Labels.class, "gold, random or a share",
            Tuning.class, "a way to fine-tune, such as standard or adam+all",
            LearningRate.class, "auto, paper or a number");

    /** The largest number of items of a list of whole numbers that has a range. */
    private static final int MOST_ITEMS = 1000;

    private ParameterReader() {}

    private static ObjectMapper strict() {
        ObjectMapper mapper = JsonMapper.builder()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .addModule(new SimpleModule()
                        .addDeserializer(Arm.Labels.class, new FromText<>(Arm.Labels.class, Arm.Labels::of))
                        .addDeserializer(Tuning.class, new FromText<>(Tuning.class, Tuning::of)))
                .build();
        mapper.setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
        for (CoercionInputShape shape : new CoercionInputShape[] {
            CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    /** The names of the parameters that a record declares, sorted. */
    public static Set<String> names(Class<? extends Record> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (isGroup(component)) names.addAll(names(component.getType().asSubclass(Record.class)));
            else names.add(name(component));
        }
        return names;
    }

    /**
     * Reads a record.
     *
     * @throws UserException (exit code 64) naming every parameter that is missing or wrong
     */
    public static <P extends Record> P read(Class<P> type, ObjectNode parameters) {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        P read = read(type, parameters, mistakes);
        mistakes.throwIfAny();
        if (read == null) throw new IllegalStateException(type + " was not read, and no mistake found");
        return read;
    }

    private static <P extends Record> @Nullable P read(Class<P> type, ObjectNode parameters, Mistakes mistakes) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = isGroup(components[i])
                    ? read(components[i].getType().asSubclass(Record.class), parameters, mistakes)
                    : value(components[i], parameters, mistakes);
        }
        return mistakes.isEmpty() ? make(type, components, values) : null;
    }

    private static @Nullable Object value(RecordComponent component, ObjectNode parameters, Mistakes mistakes) {
        String name = name(component);
        JsonNode json = parameters.path(name);
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional && (json.isMissingNode() || json.isNull())) return null;
        if (json.isMissingNode()) {
            mistakes.add("parameters: " + name + " is missing.");
            return null;
        }
        JavaType type = STRICT.constructType(component.getGenericType());
        Between range = component.getAnnotation(Between.class);
        try {
            Object value = STRICT.readerFor(type).readValue(json);
            boolean empty = value instanceof Collection<?> many && many.isEmpty();
            boolean needsSome =
                    type.getContentType() != null && type.getContentType().hasRawClass(Integer.class);
            if (value != null && !(empty && needsSome) && isInRange(value, range)) return value;
        } catch (IOException e) {
            // The mistake is reported below, in our words.
        }
        mistakes.add("parameters: " + name + " must be " + rule(type) + ranged(range) + " (value: " + json + ").");
        return null;
    }

    private static boolean isInRange(Object value, @Nullable Between range) {
        if (range == null) return true;
        if (value instanceof Collection<?> many) {
            return many.size() <= MOST_ITEMS && many.stream().allMatch(item -> isInRange(item, range));
        }
        return (Integer) value >= range.least() && (Integer) value <= range.most();
    }

    /** The end of a rule, for a number that has a range. */
    private static String ranged(@Nullable Between range) {
        return range == null ? "" : " from " + range.least() + " to " + range.most();
    }

    private static String rule(JavaType type) {
        if (type.isCollectionLikeType()) return "a list, each item " + rule(type.getContentType());
        if (type.isMapLikeType()) return "an object, each value " + rule(type.getContentType());
        if (type.isEnumType()) {
            return Arrays.stream(type.getRawClass().getEnumConstants())
                    .map(constant -> ((Choice) constant).id())
                    .collect(Collectors.joining(" or "));
        }
        return RULES.getOrDefault(type.getRawClass(), "an object");
    }

    private static <P extends Record> P make(Class<P> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            Constructor<P> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof UserException mistake) throw mistake;
            throw new IllegalStateException(type + " refuses its values", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no record that can be made", e);
        }
    }

    private static boolean isGroup(RecordComponent component) {
        return ParameterGroup.class.isAssignableFrom(component.getType());
    }

    private static String name(RecordComponent component) {
        return NAMES.translate(component.getName());
    }

    /** A value that its own class reads from a text. */
    private static final class FromText<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1;

        private final transient Function<String, T> read;

        FromText(Class<T> type, Function<String, T> read) {
            super(type);
            this.read = read;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString();
            try {
                return read.apply(String.valueOf(text));
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(String.valueOf(text), handledType(), e.getMessage());
            }
        }
    }
}
