package org.dualform.cli.model;

import picocli.CommandLine.Command;

/** {@code dualform model}: what a model is, what it computes, and whether that agrees with reference values. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Looks into a model folder in Hugging Face layout.", ""},
        subcommands = {ModelShowCommand.class, ModelForwardCommand.class, ModelVerifyCommand.class})
public final class ModelCommand {}
