package org.dualform.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeDevice;
import org.dualform.verify.Agreement;
import org.dualform.verify.GoldenCase;
import org.dualform.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description = "Models with reference values beside them. " + ModelPlace.HELP)
    @SuppressWarnings("NullAway.Init") // required
    private List<String> models;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        PrintWriter out = json.people();
        ObjectNode document = json.document();
        ArrayNode listed = document.putArray("models");
        ComputeDevice found = device.find();
        int disagreeing = 0;
        for (String model : models) {
            if (!verify(model, found, out, listed.addObject().put("model", model))) disagreeing++;
            out.flush();
        }
        out.printf("%d of %d models agree.%n", models.size() - disagreeing, models.size());
        json.print(document.put("disagreeing", disagreeing));
        return (disagreeing == 0 ? ExitCode.DONE : ExitCode.DATA).code();
    }

    /** Verifies one model. One that cannot be verified is reported and counts as one that disagrees. */
    private static boolean verify(String model, ComputeDevice device, PrintWriter out, ObjectNode document) {
        List<Agreement> groups;
        try {
            Path folder = ModelPlace.find(model);
            double tolerance = GoldenCase.read(folder).tolerance();
            out.printf(Locale.ROOT, "%s (tolerance %.1e)%n", model, tolerance);
            groups = Verification.of(folder, device);
        } catch (UserException e) {
            out.println(model + ": " + e.getMessage());
            document.put("agrees", false).put("reason", e.getMessage());
            return false;
        }
        out.printf("  %-18s %9s %15s  %s%n", "tensor group", "values", "max difference", "verdict");
        ArrayNode compared = document.putArray("groups");
        for (Agreement group : groups) {
            compared.addObject()
                    .put("group", group.group())
                    .put("values", group.values())
                    .put("difference", group.difference())
                    .put("agrees", group.agrees());
            out.printf(
                    Locale.ROOT,
                    "  %-18s %9d %15.1e  %s%n",
                    group.group(),
                    group.values(),
                    group.difference(),
                    group.agrees() ? "agrees" : "DISAGREES");
        }
        boolean agrees = groups.stream().allMatch(Agreement::agrees);
        document.put("agrees", agrees);
        return agrees;
    }
}
