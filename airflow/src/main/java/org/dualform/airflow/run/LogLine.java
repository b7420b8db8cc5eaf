package org.dualform.airflow.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a task's log.
 *
 * @param level info, warning, error, …; null where the server gives none
 * @param event the text
 * @param error the message of the exception that was logged with the line, or null
 */
public record LogLine(
        @Nullable String level, String event, @Nullable String error) {

    public static LogLine of(Object line) {
        if (!(line instanceof Map<?, ?> map)) {
            return new LogLine(null, String.valueOf(line), null);
        }
        Object level = map.get("level");
        Object event = map.get("event");
        return new LogLine(level == null ? null : level.toString(), event == null ? "" : event.toString(), error(map));
    }

    /** The first message in {@code error_detail}, a list of exceptions with their causes, the outermost first. */
    private static @Nullable String error(Map<?, ?> line) {
        if (line.get("error_detail") instanceof Iterable<?> details) {
            for (Object detail : details) {
                if (detail instanceof Map<?, ?> exception && exception.get("exc_value") != null) {
                    return exception.get("exc_value").toString();
                }
            }
        }
        return null;
    }
}
