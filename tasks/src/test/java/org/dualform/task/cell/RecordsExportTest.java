package org.dualform.task.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.task.Chain;
import org.dualform.task.WholeChain;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the exported lines hold everything that the paper's formulas need. The formulas, computed from them in
 * plain loops, give our values.
 */
class RecordsExportTest {
    private static final String STUDY = """
            {"model": "mini", "datasets": "topics", "shots": "0,16", "seeds": "1", "limit": 10, "learning_rate": 0.1,
             "record": true}
            """;

    @TempDir
    Path folder;

    private List<JsonNode> zsl = List.of();
    private List<JsonNode> icl = List.of();
    private List<JsonNode> tuned = List.of();
    private List<JsonNode> demonstrations = List.of();

    private RecordsExport.Exported export(Chain.Ended ended) throws IOException {
        ProgressMeter progress = new ProgressMeter(TaskEvents.none(), new Cancellation(), System::nanoTime);
        return new RecordsExport(folder.resolve("w"), folder.resolve("out")).write(ended.scored(), progress);
    }

    @Test
    void plainLoopsOverTheLinesGiveOurValues() throws Exception {
        Chain.Ended ended = WholeChain.run(folder, STUDY);
        RecordsExport.Exported exported = export(ended);
        assertThat(exported.left()).isEmpty();
        assertThat(exported.folders()).containsExactly(folder.resolve("out/mini-topics-s1-o0-main"));
        Path base = exported.folders().get(0);
        assertThat(base.resolve("rlt_json")).isEmptyDirectory();
        zsl = lines(base, "zs");
        icl = lines(base, "icl");
        tuned = lines(base, "ftzs");
        demonstrations = lines(base, "ft");
        assertThat(List.of(zsl.size(), icl.size(), tuned.size(), demonstrations.size()))
                .containsExactly(10, 10, 10, 16);

        JsonNode results = Json.mapper().readTree(Files.readAllBytes(ended.results()));
        JsonNode row = results.path("rows").path(1);
        JsonNode metrics = row.path("metrics");
        agree(metrics, "sim_aou", this::outputs);
        agree(metrics, "sim_am", (i, l) -> maps(icl.get(i), tuned.get(i), l));
        agree(metrics, "sim_am.before_ft", (i, l) -> maps(icl.get(i), zsl.get(i), l));
        agree(metrics, "kendall.token", (i, l) -> tau(context(i, l), products(i, l)));
        agree(metrics, "kendall.example", (i, l) -> tau(masses(context(i, l)), masses(products(i, l))));
        agree(metrics, "recall.token", (i, l) -> recall(context(i, l), products(i, l), 100));
        agree(metrics, "recall.example", (i, l) -> recall(masses(context(i, l)), masses(products(i, l)), 5));
        assertThat(icl.stream()
                                .filter(line -> line.path("gold_label").asInt()
                                        == line.path("pred_label").asInt())
                                .count()
                        / 10.0)
                .isEqualTo(metrics.path("icl.accuracy").path("value").doubleValue());
    }

    @Test
    void aStudyWithoutRecordsIsRefusedAndAnExportTwiceIsOne() throws Exception {
        Chain.Ended without = WholeChain.run(folder, STUDY.replace("true", "false"));
        assertThatThrownBy(() -> export(without))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--record");
        Chain.Ended with = WholeChain.run(folder, STUDY.replace("0,16", "0,2"));
        Path file = export(with).folders().get(0).resolve("en_dense_lm_mini/topics/icl/record_info.jsonl");
        byte[] first = Files.readAllBytes(file);
        export(with);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        try (Stream<Path> left = Files.list(folder.resolve("out"))) {
            assertThat(left).hasSize(1);
        }
    }

    private static List<JsonNode> lines(Path base, String setting) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line :
                Files.readAllLines(base.resolve("en_dense_lm_mini/topics/" + setting + "/record_info.jsonl")))
            lines.add(Json.mapper().readTree(line));
        return lines;
    }

    private interface OfRowAndLayer {
        double value(int row, int layer);
    }

    private void agree(JsonNode metrics, String name, OfRowAndLayer plain) {
        int layers = zsl.get(0).path("self_attn_out_hiddens").size();
        double mean = IntStream.range(0, zsl.size())
                .mapToDouble(i -> IntStream.range(0, layers)
                        .mapToDouble(l -> plain.value(i, l))
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
        assertThat(metrics.path(name).path("value").doubleValue()).as(name).isCloseTo(mean, within(1e-5));
    }

    /** Paper section 2.2. */
    private double outputs(int row, int layer) {
        double[] base = unit(vector(zsl.get(row).path("self_attn_out_hiddens").path(layer)));
        double[] learned =
                unit(vector(icl.get(row).path("self_attn_out_hiddens").path(layer)));
        double[] trained =
                unit(vector(tuned.get(row).path("self_attn_out_hiddens").path(layer)));
        return cosine(minus(learned, base), minus(trained, base));
    }

    /** Paper section 2.3: a cosine a head, then their mean. */
    private static double maps(JsonNode a, JsonNode b, int layer) {
        JsonNode heads = a.path("attn_map").path(layer);
        return IntStream.range(0, heads.size())
                .mapToDouble(h -> cosine(
                        vector(heads.path(h)),
                        vector(b.path("attn_map").path(layer).path(h))))
                .average()
                .orElseThrow();
    }

    /** In-context scores of the demonstrations' tokens: without BOS and without the EOS behind each. */
    private double[] context(int row, int layer) {
        double[] columns = vector(icl.get(row).path("attn_map_ctx").path(layer));
        DoubleStream.Builder tokens = DoubleStream.builder();
        int at = 1;
        for (JsonNode demonstration : demonstrations) {
            int size = demonstration.path("attn_q").path(layer).size() - 1;
            for (int t = 0; t < size; t++) tokens.add(columns[at++]);
            at++;
        }
        assertThat(at).isEqualTo(columns.length);
        return tokens.build().toArray();
    }

    /** Paper section 2.4: the tuned query times the queries that the tokens were trained on, without BOS. */
    private double[] products(int row, int layer) {
        double[] query = vector(tuned.get(row).path("attn_q").path(layer));
        DoubleStream.Builder products = DoubleStream.builder();
        for (JsonNode demonstration : demonstrations) {
            JsonNode queries = demonstration.path("attn_q").path(layer);
            for (int t = 1; t < queries.size(); t++) products.add(dot(query, vector(queries.path(t))));
        }
        return products.build().toArray();
    }

    /** The share of a softmax over all tokens that falls on each demonstration. */
    private double[] masses(double[] tokens) {
        double highest = Arrays.stream(tokens).max().orElseThrow();
        double[] exponentials =
                Arrays.stream(tokens).map(t -> Math.exp(t - highest)).toArray();
        double sum = Arrays.stream(exponentials).sum();
        double[] masses = new double[demonstrations.size()];
        int at = 0;
        for (int d = 0; d < masses.length; d++) {
            int size = demonstrations.get(d).path("attn_q").path(0).size() - 1;
            for (int t = 0; t < size; t++) masses[d] += exponentials[at++] / sum;
        }
        return masses;
    }

    /** τ-b, which pairs tied in either leave; in layer 0 the same word has the same query everywhere. */
    private static double tau(double[] a, double[] b) {
        double agreeing = 0;
        double inA = 0;
        double inB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                double signA = Math.signum(a[i] - a[j]);
                double signB = Math.signum(b[i] - b[j]);
                agreeing += signA * signB;
                inA += Math.abs(signA);
                inB += Math.abs(signB);
            }
        }
        return agreeing / Math.sqrt(inA * inB);
    }

    private static double recall(double[] a, double[] b, int top) {
        List<Integer> first = highest(a, top);
        return highest(b, top).stream().filter(first::contains).count() / (double) top;
    }

    private static List<Integer> highest(double[] values, int top) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -values[i]))
                .limit(top)
                .toList();
    }

    private static double[] vector(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    private static double[] unit(double[] a) {
        double length = Math.sqrt(dot(a, a));
        return Arrays.stream(a).map(v -> v / length).toArray();
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    private static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }
}
