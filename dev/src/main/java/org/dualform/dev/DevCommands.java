package org.dualform.dev;

import java.util.List;
import org.dualform.cli.ExtraCommands;
import org.dualform.dev.bench.BenchCommand;
import org.dualform.dev.pack.PackageCommand;
import org.dualform.dev.suite.TestCommand;

/** Adds the commands {@code bench}, {@code package} and {@code test} to the command line. */
public final class DevCommands implements ExtraCommands {
    @Override
    public List<Class<?>> commands() {
        return List.of(BenchCommand.class, PackageCommand.class, TestCommand.class);
    }
}
