package org.dualform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} and {@code --version} print. */
public class HelpTest {
    /** Of a terminal that has told nothing else. */
    private static final int COLUMNS = 80;

    @Test
    void everyCommandHasAHelpThatFits() {
        assertThat(all(DualformCommand.commandLine()))
                .hasSizeGreaterThan(20)
                .allSatisfy(command -> assertThat(command.getUsageMessage().lines())
                        .as(command.getCommandSpec().qualifiedName())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS)));
    }

    /** An example that a terminal breaks cannot be copied, and a table that it breaks cannot be read. */
    @Test
    void noIndentedLineIsBroken() {
        for (CommandLine command : all(DualformCommand.commandLine())) {
            String help = command.getUsageMessage();
            for (String line : lines(command.getCommandSpec().usageMessage())) {
                if (line.startsWith("  ")) {
                    assertThat(help.lines())
                            .as(command.getCommandSpec().qualifiedName())
                            .contains(line);
                }
            }
        }
    }

    @Test
    void theVersionIsTheOneThatWasBuilt() {
        assertThat(Ran.here("--version").out().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).matches("dualform \\d+\\.\\d+\\.\\d+.*"));
    }

    @Test
    void aSubcommandTellsTheSameVersion() {
        assertThat(Ran.here("model", "show", "--version")).isEqualTo(Ran.here("--version"));
    }

    private static List<String> lines(UsageMessageSpec usage) {
        List<String> lines = new ArrayList<>(List.of(usage.description()));
        lines.addAll(List.of(usage.footer()));
        return lines;
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> all = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(part -> all.addAll(all(part)));
        return all;
    }
}
