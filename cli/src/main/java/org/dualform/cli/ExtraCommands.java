package org.dualform.cli;

import java.util.List;

/**
 * Commands that another module adds to {@code dualform}. A module names its implementation in {@code
 * META-INF/services/org.dualform.cli.ExtraCommands}; its commands exist whenever its jar is on the class path.
 */
public interface ExtraCommands {
    /** Classes with picocli's {@code @Command}. */
    List<Class<?>> commands();
}
