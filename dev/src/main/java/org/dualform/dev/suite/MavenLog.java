package org.dualform.dev.suite;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.cli.terminal.Console;

/** Follows Maven's output. It shows the progress, and keeps the errors that no test report contains. */
final class MavenLog {
    private static final Pattern MODULE = Pattern.compile("\\[INFO\\] Building Dualform (\\S+) .*");
    private static final Pattern RUNNING = Pattern.compile("\\[INFO\\] Running (\\S+)");
    private static final Pattern CLASS_FAILED = Pattern.compile("\\[ERROR\\] Tests run: .* (?:--|-) in (\\S+)");
    private static final Pattern GOAL_FAILED =
            Pattern.compile("\\[ERROR\\] Failed to execute goal (\\S+) .*?on project (\\S+): (.*)");
    private static final Pattern CRASHED = Pattern.compile(
            "\\[ERROR\\].*(The forked VM terminated|There was a timeout or other error in the fork|Crashed tests).*");

    private final Console console;
    private final Set<String> troubles = new LinkedHashSet<>();
    private String module = "";

    MavenLog(Console console) {
        this.console = console;
    }

    void read(String line) {
        Matcher building = MODULE.matcher(line);
        Matcher running = RUNNING.matcher(line);
        Matcher failed = CLASS_FAILED.matcher(line);
        Matcher goal = GOAL_FAILED.matcher(line);
        if (building.matches()) {
            module = building.group(1);
            console.progress("   " + module);
        } else if (running.matches()) {
            console.progress("   " + module + ": " + running.group(1));
        } else if (failed.matches()) {
            console.say("   failed: " + failed.group(1));
        } else if (goal.matches()) {
            troubles.add(goal.group(2) + ": " + goal.group(1).replaceFirst("^[^:]*:([^:]*):[^:]*:", "$1 ") + ": "
                    + goal.group(3));
        } else if (CRASHED.matcher(line).matches()) {
            troubles.add(module + ": the Java that ran the tests crashed or took too long");
        }
    }

    /** The errors other than failing tests, such as compiler errors and crashes. */
    Set<String> troubles() {
        return troubles;
    }
}
