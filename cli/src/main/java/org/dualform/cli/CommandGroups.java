package org.dualform.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Prints the list of commands in {@code --help}: under headings, in the order in which a newcomer needs them. */
final class CommandGroups implements IHelpSectionRenderer {
    private static final int INDENT = 2;
    private static final Map<String, List<String>> GROUPS = groups();

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Start here", List.of("demo", "run", "dual-form", "prompt", "records", "tables"));
        groups.put(
                "Runs in Airflow",
                List.of(
                        "preflight",
                        "trigger",
                        "watch",
                        "cancel",
                        "resume",
                        "clear",
                        "runs",
                        "dags",
                        "open",
                        "compare"));
        groups.put("Servers", List.of("up", "down", "status", "logs", "doctor", "environments", "deliver"));
        groups.put("Models and speed", List.of("model", "fetch", "pretrain", "momentum", "bench"));
        return groups;
    }

    static void install(CommandLine command) {
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandGroups());
    }

    @Override
    public String render(Help help) {
        Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
        int width = left.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        GROUPS.forEach((heading, names) -> {
            List<Help> commands = new ArrayList<>();
            for (String name : names) {
                Help command = left.remove(name);
                if (command != null) commands.add(command);
            }
            append(text, heading, commands, width, help);
        });
        append(text, "More", List.copyOf(left.values()), width, help);
        return text.toString();
    }

    private static void append(StringBuilder text, String heading, List<Help> commands, int width, Help root) {
        if (commands.isEmpty()) return;
        int total = root.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(
                root.colorScheme(),
                new Column(width + INDENT, INDENT, Column.Overflow.SPAN),
                new Column(total - width - INDENT, INDENT, Column.Overflow.WRAP));
        for (Help command : commands) {
            UsageMessageSpec usage = command.commandSpec().usageMessage();
            String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
            table.addRowValues(command.commandSpec().name(), lines.length == 0 ? "" : lines[0]);
        }
        text.append(System.lineSeparator()).append(heading).append(':').append(System.lineSeparator());
        text.append(table);
    }
}
