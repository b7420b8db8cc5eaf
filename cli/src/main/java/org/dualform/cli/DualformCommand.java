package org.dualform.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.ServiceLoader;
import org.dualform.cli.demo.DemoCommand;
import org.dualform.cli.model.FetchCommand;
import org.dualform.cli.model.ModelCommand;
import org.dualform.cli.model.MomentumCommand;
import org.dualform.cli.model.PretrainCommand;
import org.dualform.cli.run.DualFormCommand;
import org.dualform.cli.run.PromptCommand;
import org.dualform.cli.run.RecordsCommand;
import org.dualform.cli.run.RunCommand;
import org.dualform.cli.server.DoctorCommand;
import org.dualform.cli.server.DownCommand;
import org.dualform.cli.server.EnvironmentsCommand;
import org.dualform.cli.server.LogsCommand;
import org.dualform.cli.server.StatusCommand;
import org.dualform.cli.server.UpCommand;
import org.dualform.cli.tables.TablesCommand;
import org.dualform.cli.tracking.CompareCommand;
import org.dualform.cli.tracking.DeliverCommand;
import org.dualform.cli.workflow.CancelCommand;
import org.dualform.cli.workflow.ClearCommand;
import org.dualform.cli.workflow.DagsCommand;
import org.dualform.cli.workflow.OpenCommand;
import org.dualform.cli.workflow.PreflightCommand;
import org.dualform.cli.workflow.ResumeCommand;
import org.dualform.cli.workflow.RunsCommand;
import org.dualform.cli.workflow.TriggerCommand;
import org.dualform.cli.workflow.WatchCommand;
import org.dualform.contract.PathEncoding;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command. Every subcommand is a class of its own, in the package for what people do with it. */
@Command(
        name = "dualform",
        description = "Prompt or fine-tune, and how alike are the two? Measured.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CommandLine.HelpCommand.class,
            DemoCommand.class,
            RunCommand.class,
            DualFormCommand.class,
            PromptCommand.class,
            PreflightCommand.class,
            TriggerCommand.class,
            WatchCommand.class,
            CancelCommand.class,
            ResumeCommand.class,
            ClearCommand.class,
            DagsCommand.class,
            RunsCommand.class,
            OpenCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DoctorCommand.class,
            EnvironmentsCommand.class,
            DeliverCommand.class,
            CompareCommand.class,
            RecordsCommand.class,
            TablesCommand.class,
            FetchCommand.class,
            PretrainCommand.class,
            MomentumCommand.class,
            ModelCommand.class,
            CompletionCommand.class
        })
public final class DualformCommand {
    private DualformCommand() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String... args) {
        try {
            PathEncoding.ofThisProcess().check(List.of(args), System.getenv(), System.getProperty("user.dir", ""));
            return commandLine().execute(args);
        } catch (RuntimeException | Error e) {
            return Failures.report(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
        }
    }

    /** Makes the command line with all commands. It reports errors as {@link Failures} does. */
    public static CommandLine commandLine() {
        CommandLine command = new CommandLine(new DualformCommand());
        ServiceLoader.load(ExtraCommands.class)
                .forEach(module -> module.commands().forEach(command::addSubcommand));
        command.setExecutionStrategy(Failures::execute)
                .setExecutionExceptionHandler(new Failures())
                .setParameterExceptionHandler(new Failures())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
        tellVersion(command);
        CommandGroups.install(command);
        return command;
    }

    /** Gives {@code --version} to a command and all its subcommands. */
    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new BuildVersion());
        command.getSubcommands().values().forEach(DualformCommand::tellVersion);
    }
}
