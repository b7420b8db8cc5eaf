package org.dualform.cli;

import org.dualform.cli.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command; every subcommand is a class of this package. */
@Command(
        name = "dualform",
        description = "Prompt or fine-tune, and how alike are the two? Measured.",
        mixinStandardHelpOptions = true,
        version = "dualform 0.1.0",
        subcommands = {
            CommandLine.HelpCommand.class,
            DemoCommand.class,
            RunCommand.class,
            PromptCommand.class,
            TriggerCommand.class,
            WatchCommand.class,
            CancelCommand.class,
            ResumeCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DoctorCommand.class,
            EnvironmentsCommand.class,
            DeliverCommand.class,
            CompareCommand.class,
            RecordsCommand.class,
            FetchCommand.class,
            PretrainCommand.class,
            BenchCommand.class,
            TestCommand.class,
            ModelCommand.class
        })
final class DualformCommand {
    private DualformCommand() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with Dualform's way to tell errors. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new DualformCommand())
                .setExecutionExceptionHandler(new Failures())
                .setParameterExceptionHandler(new Failures())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
        CommandGroups.install(command);
        return command;
    }
}
