package org.dualform.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.dualform.base.Counted;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.ExitCode;
import org.dualform.gguf.GgufParts;
import org.dualform.model.checkpoint.StoredWeight;
import org.dualform.model.checkpoint.WeightFiles;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.part.Alibi;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Windows;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;
import org.dualform.model.part.function.SoftCap;
import org.dualform.model.tokenizer.TextTokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code dualform model show}: prints the facts that config.json, the headers of the weights and the tokenizer state.
 */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {"Shows a model's family, sizes, stored types and tokenizer; reads no weight.", ""},
        footer = {"", "Example:", "  dualform model show mini"})
final class ModelShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = ModelPlace.HELP)
    @SuppressWarnings("NullAway.Init") // required
    private String model;

    @Mixin
    private JsonOption json = new JsonOption();

    private final Map<String, String> facts = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        Path folder = ModelPlace.find(model);
        Architecture architecture = Families.architecture(ModelConfig.read(folder));
        WeightFiles checkpoint = WeightFiles.open(folder);
        architecture(architecture);
        weights(architecture, checkpoint);
        if (GgufParts.isFile(folder) || Files.exists(folder.resolve("tokenizer.json"))) {
            try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
                tokenizer(tokenizer);
            }
        } else {
            line("tokenizer", "none (tokenizer.json is missing): prompts cannot be encoded");
        }
        ObjectNode document = json.document().put("model", folder.toString());
        facts.forEach(document.putObject("facts")::put);
        json.print(document);
        return ExitCode.DONE.code();
    }

    private void architecture(Architecture a) {
        Architecture.Sizes s = a.sizes();
        line("family", a.family());
        line("layers", String.valueOf(s.layers()));
        line("width", s.width() + (s.embedding() == s.width() ? "" : ", embedding " + s.embedding()));
        line("heads", s.heads() + " of " + s.headDim() + ", key/value heads " + s.kvHeads());
        line("feed-forward", s.feedForward() + ", " + a.activation().name().toLowerCase(Locale.ROOT));
        line("vocabulary", s.vocabulary() + (a.tied() ? ", head tied to the embedding" : ", a head of its own"));
        line("positions", positions(s.positions()));
        line("rotary", rotary(a.rotaries(), s));
        if (a.alibi() != null) line("alibi", alibi(a.alibi()));
        line("attention", windows(a.windows(), s.layers()));
        SoftCap scores = a.scaling().scoreCap();
        SoftCap logits = a.ends().logitCap();
        if (scores != null || logits != null) line("soft caps", "scores " + cap(scores) + ", logits " + cap(logits));
    }

    private static String turned(Rotary rotary, int headDim) {
        return rotary.dimensions() + " of " + headDim + " dimensions of a head"
                + switch (rotary.pairing()) {
                    case HALVES -> "";
                    case NEIGHBOURS -> ", neighbours in pairs";
                };
    }

    private static String positions(int longest) {
        return longest == Architecture.Sizes.UNLIMITED
                ? "no limit"
                : longest + " (longest prompt with its answer, in tokens)";
    }

    private static String alibi(Alibi alibi) {
        return String.format(
                Locale.ROOT,
                "scores grow with the column, by %.4g to %.4g for each token",
                Collections.min(alibi.slopes()),
                Collections.max(alibi.slopes()));
    }

    private static String cap(@Nullable SoftCap cap) {
        return cap == null ? "none" : String.valueOf(cap.limit());
    }

    private static String rotary(Rotaries rotaries, Architecture.Sizes sizes) {
        Map<Rotary, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < sizes.layers(); i++) counts.merge(rotaries.of(i), 1, Integer::sum);
        String kinds = counts.entrySet().stream()
                .map(e -> (e.getKey().dimensions() == 0 ? "none" : turned(e.getKey(), sizes.headDim()))
                        + (counts.size() == 1 ? "" : " in " + Counted.of(e.getValue(), "layer")))
                .collect(Collectors.joining(", "));
        return kinds
                + (rotaries.longer() == null
                        ? ""
                        : ", other angles in sequences of more than " + Counted.of(rotaries.limit(), "token"));
    }

    private static String windows(Windows windows, int layers) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < layers; i++) counts.merge(windows.of(i), 1, Integer::sum);
        return counts.entrySet().stream()
                .map(e -> Counted.of(e.getValue(), "layer")
                        + (e.getValue() == 1 ? " sees " : " see ")
                        + (e.getKey() == Windows.ALL
                                ? "everything before"
                                : "the last " + Counted.of(e.getKey(), "token")))
                .collect(Collectors.joining(", "));
    }

    private void weights(Architecture architecture, WeightFiles checkpoint) throws IOException {
        Map<String, Long> bytes = new TreeMap<>();
        long numbers = 0;
        for (StoredWeight tensor : checkpoint.places().values()) {
            bytes.merge(tensor.type(), tensor.bytes(), Long::sum);
            numbers += tensor.size();
        }
        long onDisk = 0;
        for (Path file : checkpoint.files()) onDisk += Files.size(file);
        line(
                "weights",
                String.format(
                        Locale.ROOT,
                        "%,d numbers in %s",
                        numbers,
                        Counted.of(checkpoint.places().size(), "tensor")));
        line("files", checkpoint.files().size() + ", " + megabytes(onDisk));
        line(
                "stored as",
                bytes.entrySet().stream()
                        .map(e -> e.getKey() + " " + megabytes(e.getValue()))
                        .collect(Collectors.joining(", ")));
        Architecture.Sizes s = architecture.sizes();
        line(
                "in memory",
                megabytes(4 * numbers) + " in single precision, prefix cache "
                        + megabytes(8L * s.layers() * s.kvWidth() * 1000) + " per 1000 tokens");
    }

    private void tokenizer(TextTokenizer tokenizer) {
        line("tokenizer", "ids up to " + (tokenizer.vocabularySize() - 1));
        line("texts begin with", token(tokenizer, tokenizer.bos()));
        line("texts end with", token(tokenizer, tokenizer.eos()));
        line(
                "label words",
                tokenizer.prependsSpace()
                        ? "encoded without a space, which the tokenizer adds"
                        : "encoded with a space before them");
    }

    private static String token(TextTokenizer tokenizer, int id) {
        return id + " " + tokenizer.decode(id);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    private void line(String what, String value) {
        json.people().printf("%-17s %s%n", what, value);
        facts.put(what, value);
    }
}
