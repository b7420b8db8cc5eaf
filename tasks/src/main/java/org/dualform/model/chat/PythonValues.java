package org.dualform.model.chat;

import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import jinjava.javax.el.ArrayELResolver;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.PropertyNotWritableException;
import org.jspecify.annotations.Nullable;

/**
 * The values that a template works with: texts, lists and maps, with the methods that Python gives them, and the
 * variable {@code loop}. Methods and fields of Java objects are out of reach.
 */
final class PythonValues extends ELResolver {
    private static final ELResolver BEANS = new JinjavaBeanELResolver(true);

    /** What a template's expressions are resolved with. */
    static ELResolver resolver() {
        CompositeELResolver all = new CompositeELResolver();
        all.add(new PythonValues());
        all.add(new ArrayELResolver(true));
        all.add(new JinjavaListELResolver(true));
        all.add(new TypeConvertingMapELResolver(true));
        return all;
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        if (!(base instanceof ForLoop loop) || property == null) return null;
        return BEANS.getValue(context, loop, property);
    }

    @Override
    public @Nullable Object invoke(
            ELContext context,
            @Nullable Object base,
            @Nullable Object method,
            Class<?> @Nullable [] types,
            Object @Nullable [] given) {
        if (base == null || method == null) return null;
        List<Object> arguments = given == null ? List.of() : Arrays.asList(given);
        // The library itself calls filters and tests so.
        if (base instanceof Filter || base instanceof ExpTest)
            return BEANS.invoke(context, base, method, types, given == null ? new Object[0] : given);
        context.setPropertyResolved(true);
        if (base instanceof CharSequence text) return ofText(text.toString(), method.toString(), arguments);
        if (base instanceof Map<?, ?> map) return ofMap(map, method.toString(), arguments);
        if (base instanceof ForLoop loop && method.equals("cycle")) return loop.cycle(arguments.toArray());
        throw new ELException("there is no method " + method + " of such a value");
    }

    private static Object ofText(String text, String method, List<Object> arguments) {
        String first = arguments.isEmpty() ? "" : String.valueOf(arguments.get(0));
        return switch (method) {
            case "strip" -> arguments.isEmpty() ? text.strip() : right(left(text, first), first);
            case "lstrip" -> arguments.isEmpty() ? text.stripLeading() : left(text, first);
            case "rstrip" -> arguments.isEmpty() ? text.stripTrailing() : right(text, first);
            case "startswith" -> text.startsWith(first);
            case "endswith" -> text.endsWith(first);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" -> capitalized(text);
            case "replace" -> text.replace(first, String.valueOf(arguments.get(1)));
            case "find" -> text.indexOf(first);
            case "count" -> text.split(Pattern.quote(first), -1).length - 1;
            case "split" -> split(text, arguments);
            default -> throw new ELException("texts have no method " + method + " here");
        };
    }

    private static Object split(String text, List<Object> arguments) {
        if (arguments.isEmpty())
            return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
        int most = arguments.size() > 1 ? ((Number) arguments.get(1)).intValue() + 1 : -1;
        return Arrays.asList(text.split(Pattern.quote(String.valueOf(arguments.get(0))), most));
    }

    private static @Nullable Object ofMap(Map<?, ?> map, String method, List<Object> arguments) {
        return switch (method) {
            case "get" -> {
                Object found = map.get(arguments.get(0));
                yield found != null || arguments.size() < 2 ? found : arguments.get(1);
            }
            case "items" -> {
                List<List<Object>> items = new ArrayList<>();
                map.forEach((key, value) -> items.add(Arrays.asList(key, value)));
                yield items;
            }
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            default -> throw new ELException("maps have no method " + method + " here");
        };
    }

    private static String capitalized(String word) {
        return word.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        return Pattern.compile("\\p{L}+").matcher(text).replaceAll(word -> capitalized(word.group()));
    }

    private static String left(String text, String characters) {
        int from = 0;
        while (from < text.length() && characters.indexOf(text.charAt(from)) >= 0) from++;
        return text.substring(from);
    }

    private static String right(String text, String characters) {
        int to = text.length();
        while (to > 0 && characters.indexOf(text.charAt(to - 1)) >= 0) to--;
        return text.substring(0, to);
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
        return Object.class;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, @Nullable Object base) {
        return Collections.emptyIterator();
    }

    @Override
    public @Nullable Class<?> getType(ELContext context, @Nullable Object base, @Nullable Object property) {
        return null;
    }

    @Override
    public boolean isReadOnly(ELContext context, @Nullable Object base, @Nullable Object property) {
        return true;
    }

    @Override
    public void setValue(ELContext context, @Nullable Object base, @Nullable Object property, @Nullable Object value) {
        throw new PropertyNotWritableException("values are not changed");
    }
}
