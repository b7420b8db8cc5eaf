package org.dualform.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.dualform.contract.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualform completion}: prints a script by which bash and zsh complete commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a script by which bash and zsh complete the commands and options of 'dualform' and './dualform'.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  source <(./dualform completion)                  # in this shell",
            "  ./dualform completion >> ~/.bash_completion      # in every one of bash"
        })
final class CompletionCommand implements Callable<Integer> {
    private static final String NAME = "dualform";
    /** How people call the launcher in the project's folder. Bash looks a command up as it was typed, or by its last name. */
    private static final String IN_ITS_FOLDER = "./dualform";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        out.println(AutoComplete.bash(NAME, command.root().commandLine()));
        out.println("complete -F _complete_" + NAME + " -o default " + IN_ITS_FOLDER);
        out.flush();
        return ExitCode.DONE.code();
    }
}
