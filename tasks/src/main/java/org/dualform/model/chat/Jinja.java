package org.dualform.model.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Renders one template, with the settings and functions that transformers gives to chat templates. */
final class Jinja {
    private static final long LARGEST_OUTPUT = 1L << 26;
    private static final int LONGEST_RANGE = 100_000;
    private static final String RAISE = "raise_exception";
    private static final String NOW = "strftime_now";

    /** Tags that read other files. */
    private static final Set<String> OTHER_FILES = Set.of("include", "import", "from", "extends");

    private final String place;
    private final String template;
    private final Jinjava library;

    /** @param template in the {@link Dialect} that the library runs */
    Jinja(String place, String template) {
        this.place = place;
        this.template = template;
        this.library = new Jinjava(config());
        library.getGlobalContext().registerTag(new GenerationTag());
        library.getGlobalContext().registerFunction(function(RAISE, "raiseException"));
        library.getGlobalContext().registerFunction(function(NOW, "strftimeNow"));
    }

    /** @throws UserException if the template raises, or the library cannot run it */
    String render(Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        // Templates ask whether the functions are defined before they call them.
        all.put(RAISE, RAISE);
        all.put(NOW, NOW);
        RenderResult result = library.renderForResult(template, all);
        for (TemplateError error : result.getErrors()) throw told(error);
        return result.getOutput();
    }

    private UserException told(TemplateError error) {
        String raised = raised(error.getException());
        if (raised != null)
            return UserException.data("chat: the chat template (" + place + ") refuses the conversation: " + raised);
        return UserException.data("chat: the chat template (" + place + ") cannot be rendered: line "
                + error.getLineno() + ": " + error.getMessage()
                + ". Correct the template, or set chat to off for the plain text.");
    }

    private static @Nullable String raised(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause())
            if (cause instanceof HostFunctions.Raised) return cause.getMessage();
        return null;
    }

    private static ELFunctionDefinition function(String name, String method) {
        return new ELFunctionDefinition("", name, HostFunctions.class, method, String.class);
    }

    private static JinjavaConfig config() {
        return JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withKeepTrailingNewline(true)
                // A row that holds {{ }} is text.
                .withNestedInterpretationEnabled(false)
                .withElResolver(PythonValues.resolver())
                .withDisabled(Map.of(Library.TAG, OTHER_FILES))
                .withMaxOutputSize(LARGEST_OUTPUT)
                .withRangeLimit(LONGEST_RANGE)
                .withEnableRecursiveMacroCalls(true)
                .withMaxMacroRecursionDepth(100)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        // It would write control characters as their codes.
                        .withUsePyishObjectMapper(false)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withKeepNullableLoopValues(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .build();
    }
}
