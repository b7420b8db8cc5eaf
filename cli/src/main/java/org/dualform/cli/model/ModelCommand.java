package org.dualform.cli.model;

import picocli.CommandLine.Command;

/** {@code dualform model}: shows a model, computes with it, and compares its values with references. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Looks into a model: a folder in Hugging Face layout, or a GGUF file.", ""},
        subcommands = {ModelShowCommand.class, ModelForwardCommand.class, ModelVerifyCommand.class})
public final class ModelCommand {}
