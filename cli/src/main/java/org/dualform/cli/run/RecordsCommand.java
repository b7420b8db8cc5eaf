package org.dualform.cli.run;

import picocli.CommandLine.Command;

/** {@code dualform records}: what was recorded of a model's attention. */
@Command(
        name = "records",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Takes a study's records of attention elsewhere.", ""},
        subcommands = {RecordsExportCommand.class})
public final class RecordsCommand {}
