package org.dualform.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeDevice;
import org.dualform.verify.Agreement;
import org.dualform.verify.GoldenCase;
import org.dualform.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform model verify}: compares models with the reference values beside them. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compares models with the reference values beside them (golden.safetensors): the forward pass, its greedy"
                    + " continuation, and the steps and the result of fine-tuning the key and value projections.",
            "golden.json names the tolerance. Exit code 0 if all models agree, else 65.",
            ""
        },
        footer = {"", "Example:", "  dualform model verify golden/*/"})
final class ModelVerifyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description = "Models with reference values beside them. " + ModelPlace.HELP)
    @SuppressWarnings("NullAway.Init") // required
    private List<String> models;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        ComputeDevice found = device.find();
        int disagreeing = 0;
        for (String model : models) {
            if (!verify(model, found, out)) disagreeing++;
            out.flush();
        }
        out.printf("%d of %d models agree.%n", models.size() - disagreeing, models.size());
        out.flush();
        return (disagreeing == 0 ? ExitCode.DONE : ExitCode.DATA).code();
    }

    /** Verifies one model. One that cannot be verified is reported and counts as one that disagrees. */
    private static boolean verify(String model, ComputeDevice device, PrintWriter out) {
        List<Agreement> groups;
        try {
            Path folder = ModelPlace.find(model);
            double tolerance = GoldenCase.read(folder).tolerance();
            out.printf(Locale.ROOT, "%s (tolerance %.1e)%n", model, tolerance);
            groups = Verification.of(folder, device);
        } catch (UserException e) {
            out.println(model + ": " + e.getMessage());
            return false;
        }
        out.printf("  %-18s %9s %15s  %s%n", "tensor group", "values", "max difference", "verdict");
        for (Agreement group : groups) {
            out.printf(
                    Locale.ROOT,
                    "  %-18s %9d %15.1e  %s%n",
                    group.group(),
                    group.values(),
                    group.difference(),
                    group.agrees() ? "agrees" : "DISAGREES");
        }
        return groups.stream().allMatch(Agreement::agrees);
    }
}
