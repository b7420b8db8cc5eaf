package org.dualform.cli.run;

import picocli.CommandLine.Command;

/** {@code dualform records}: works with the recorded attention of a study. */
@Command(
        name = "records",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Takes a study's records of attention elsewhere.", ""},
        subcommands = {RecordsExportCommand.class})
public final class RecordsCommand {}
