package org.dualform.cli.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dualform.base.Counted;
import org.dualform.base.FileFailure;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;
import org.dualform.model.LanguageModel;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.verify.ForwardRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualform model forward}: what the model computes for given token ids, as named tensors. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs lists of token ids through a model and writes what it computes, for anyone to check.",
            "",
            "Tensors of prompt i (L layers, H heads, T tokens, d width, V vocabulary), in single precision:",
            "  prompt.i.ids          [T]",
            "  prompt.i.logits       [T, V]",
            "  prompt.i.attn_out     [L, T, d]      attention after the output projection",
            "  prompt.i.scores_last  [L, H, T]      the last token's scores before softmax",
            "  prompt.i.resid        [L + 1, T, d]  input of each block, output of the last",
            "  prompt.i.final        [T, d]         input of the head",
            "",
            "Scores of positions that are masked are -inf.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  echo '[[1, 15, 8], [1, 4]]' > ids.json",
            "  dualform model forward mini --ids ids.json --out forward.safetensors"
        })
final class ModelForwardCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    @Parameters(paramLabel = "MODEL", description = ModelPlace.HELP)
    @SuppressWarnings("NullAway.Init") // required
    private String name;

    @Option(names = "--ids", required = true, paramLabel = "FILE", description = "JSON: a list of lists of token ids.")
    @SuppressWarnings("NullAway.Init") // required
    private Path idsFile;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The safetensors file to write.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(
            names = "--attention",
            description = "Also write prompt.i.scores and prompt.i.attention [L, H, T, T]: what enters and what leaves"
                    + " the softmax, for every token.")
    private boolean attention;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Override
    public Integer call() {
        List<long[]> prompts = prompts(idsFile);
        try (LanguageModel model = LanguageModel.open(ModelPlace.find(name), DataType.FLOAT32, device.find());
                NDManager owner = model.manager().newSubManager()) {
            model.requireFinite();
            Map<String, NDArray> tensors = ForwardRecord.ofAll(owner, model.decoder(), prompts, attention);
            ArrayWriter.write(out, tensors);
            PrintWriter terminal = command.commandLine().getOut();
            terminal.println(
                    Counted.of(tensors.size(), "tensor") + " of " + Counted.of(prompts.size(), "prompt") + ": " + out);
            terminal.flush();
        }
        return ExitCode.DONE.code();
    }

    /** Reads the token ids. It reports every mistake at once. */
    private static List<long[]> prompts(Path file) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(file.toFile());
        } catch (IOException e) {
            throw UserException.data("The ids " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
        if (root == null || !root.isArray() || root.isEmpty()) {
            throw UserException.data(file + " must be a list of lists of token ids, as [[1, 15, 8], [1, 4]].");
        }
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        List<long[]> prompts = new ArrayList<>();
        for (JsonNode list : root) {
            long[] ids = new long[list.isArray() ? list.size() : 0];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = list.get(i).canConvertToInt() && list.get(i).isIntegralNumber()
                        ? list.get(i).asInt()
                        : -1;
                if (ids[i] < 0) {
                    mistakes.add("In " + file + " list " + prompts.size() + " has " + Json.write(list.get(i))
                            + " at place " + i + "; token ids are whole numbers from 0 up.");
                }
            }
            if (ids.length == 0) {
                mistakes.add("In " + file + " item " + prompts.size() + " must be a list of at least one token id.");
            }
            prompts.add(ids);
        }
        mistakes.throwIfAny();
        return prompts;
    }
}
