package org.dualform.airflow;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a task's log.
 *
 * @param level info, warning, error, …; null where the server tells none
 * @param event the text
 * @param error the message of the exception that the line carries, or null
 */
public record LogLine(
        @Nullable String level, String event, @Nullable String error) {

    static LogLine of(Object line) {
        if (!(line instanceof Map<?, ?> map)) {
            return new LogLine(null, String.valueOf(line), null);
        }
        Object level = map.get("level");
        Object event = map.get("event");
        return new LogLine(level == null ? null : level.toString(), event == null ? "" : event.toString(), error(map));
    }

    /** {@code error_detail} is a list of exceptions, outermost first, each with type and value. */
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
