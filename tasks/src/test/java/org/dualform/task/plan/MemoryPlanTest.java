package org.dualform.task.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeThreads;
import org.dualform.model.ForwardMemory;
import org.dualform.model.part.Alibi;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Residual;
import org.dualform.model.part.function.Activation;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Rotary;
import org.dualform.model.part.function.SoftCap;
import org.dualform.spec.Experiment;
import org.dualform.task.source.HubSources;
import org.dualform.task.store.FileHashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What plan says of memory, and what it chooses for it.
 *
 * <p>The bytes below are counted by hand, from the built-in model's config.json (411 words, width 128, 3 layers, 4 heads of
 * 32, feed-forward width 256) and from what its tokenizer makes of the data set topics: a demonstration of 7 tokens behind
 * BOS, rows of 7 tokens, labels of 1. So a row with its label has T = 8 tokens, behind a context of P = 8.
 *
 * <ul>
 *   <li>Weights: 411 · 128 words, three layers of 4 · 128² + 3 · 128 · 256 + 2 · 128, and 128 at the end: 545,024 numbers.
 *   <li>Cache: keys and values of 3 layers and 8 tokens, 128 each: 6,144 numbers.
 *   <li>A token in a block, its scores apart: norms 2 · 4 · 128, projections 3 · 128, rotary 4 · 256, mixing 6 · 128, the
 *       feed-forward part 5 · 256, sums 4 · 128: 4,992 numbers. Its scores in 4 heads: 4 · (5 T + 4 P) = 288.
 *   <li>A block of 16 rows: 16 · 8 · 5,280, two masks of 8 · 16, and the stream of 16 · 8 · 128: 692,480 numbers.
 *   <li>Arrays: 4 · (692,480 + 6,144) = 2,794,496 bytes; 1.7 of each for the allocator, beside 400 MB for the process.
 * </ul>
 */
class MemoryPlanTest {
    private static final long MACHINE = 64L << 30;
    private static final long WEIGHTS = 4 * 545_024;
    private static final long CACHE = 4 * 6_144;

    @TempDir
    Path home;

    private StudyPlan plan(ObjectNode values, long machine, int parallelTasks) throws IOException {
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS",
                Path.of(System.getProperty("dualform.root", "."))
                        .resolve("models")
                        .toString(),
                "DUALFORM_HOME",
                home.toString());
        try (HubSources.Session hub = new HubSources(environment).session(Progress.none(), line -> {})) {
            return new Planner(Experiment.draft(values), environment, hub, new FileHashes(home), parallelTasks, machine)
                    .plan();
        }
    }

    private static ObjectNode values() {
        return Json.mapper()
                .createObjectNode()
                .put("model", "mini")
                .put("datasets", "topics")
                .put("shots", "0,1")
                .put("seeds", "1")
                .put("methods", "icl");
    }

    private long bytes(ObjectNode values) throws IOException {
        return plan(values, MACHINE, 1).cost().memoryBytes();
    }

    @Test
    void sixteenRowsWhereThereIsRoom() throws IOException {
        JsonNode plan = plan(values(), MACHINE, 1).toFile().toJson();
        assertThat(plan.path("chunk_rows").asInt()).isEqualTo(16);
        assertThat(plan.path("cells")
                        .path(0)
                        .path("parameters")
                        .path("chunk_rows")
                        .asInt())
                .isEqualTo(16);
        assertThat(plan.path("cost").path("weight_bytes").asLong()).isEqualTo(WEIGHTS);
        assertThat(plan.path("cost").path("cache_bytes").asLong()).isEqualTo(CACHE);
        assertThat(plan.path("cost").path("memory_bytes").asLong()).isEqualTo(406_930_740L);
        assertThat(plan.path("warnings").toString()).doesNotContain("of memory");
    }

    @Test
    void lessMemoryMeansFewerRows() throws IOException {
        StudyPlan half = plan(values().put("memory", "406930739"), MACHINE, 1);
        assertThat(half.chunkRows()).isEqualTo(8);
        assertThat(half.cost().memoryBytes()).isEqualTo(404_577_178L);
        StudyPlan exact = plan(values().put("memory", "404577178"), MACHINE, 1);
        assertThat(exact.chunkRows()).isEqualTo(8);
        StudyPlan less = plan(values().put("memory", "404577177"), MACHINE, 1);
        assertThat(less.chunkRows()).isEqualTo(4);
        assertThat(less.cost().memoryBytes()).isEqualTo(403_400_397L);
        assertThat(plan(values().put("memory", "406930740"), MACHINE, 1).chunkRows())
                .isEqualTo(16);
    }

    @Test
    void moreToDoNeedsMore() throws IOException {
        long least = bytes(values());
        assertThat(bytes(values().put("shots", "0,16"))).isGreaterThan(least);
        assertThat(bytes(values().put("methods", "icl,ft"))).isGreaterThanOrEqualTo(least);
        assertThat(bytes(values().put("arms", "untrained"))).isGreaterThan(least);
        assertThat(bytes(values().put("methods", "ft").put("arms", "ft=adam+all")))
                .isGreaterThan(bytes(values().put("methods", "ft")));
    }

    @Test
    void whatCannotFitIsRefusedBesideOtherMistakes() {
        assertThatThrownBy(() ->
                        plan(values().put("memory", "300m").put("record", true).put("shots", "0"), MACHINE, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("record: zero-shot alone")
                .hasMessageContaining("and 314 MB is allowed (memory 300m)")
                .hasMessageContaining("Use fewer shots, a smaller model or a larger memory");
        assertThatThrownBy(() -> plan(values(), 400_000_000, 1))
                .hasMessageContaining("360 MB is allowed (nine tenths of the machine's or container's memory)");
    }

    /** The largest number is asked about, and never tried. */
    @Test
    void whatWouldTakeDownTheMachineIsRefused() {
        int most = ComputeThreads.most();
        assertThatThrownBy(() -> plan(values().put("threads", most + 1).put("memory", "65g"), MACHINE, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("threads: has to be at most " + most + " on this machine")
                .hasMessageContaining("not " + (most + 1))
                .hasMessageContaining("memory: has to be at most 68.7 GB, which this machine or container has");
        String seeds = IntStream.range(0, 1000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        String orders = IntStream.range(0, 11).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertThatThrownBy(() -> plan(values().put("seeds", seeds).put("orders", orders), MACHINE, 1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The experiment has 11000 cells")
                .hasMessageContaining("at most 10000 are planned at a time");
    }

    @Test
    void tasksBesideEachOtherShareTheMachine() throws IOException {
        StudyPlan crowded = plan(values(), 1L << 30, 8);
        assertThat(crowded.chunkRows()).isEqualTo(16);
        assertThat(String.join("", crowded.warnings())).contains("8 beside each other have 966 MB");
        MemoryBudget budget = MemoryBudget.of("auto", 1000, 4);
        assertThat(budget.bytes()).isEqualTo(900);
        assertThat(budget.share(0)).isEqualTo(225);
        assertThat(budget.share(500)).as("mapped weights count once").isEqualTo(600);
    }

    @Test
    void sizesAreReadAsDockerAndJavaReadThem() {
        assertThat(MemoryBudget.of("6g", 1, 9)).isEqualTo(new MemoryBudget("6g", 6L << 30, 1));
        assertThat(MemoryBudget.of("1.5K", 1, 1).bytes()).isEqualTo(1536);
        assertThat(MemoryBudget.of("2000", 1, 1).bytes()).isEqualTo(2000);
        assertThat(MemoryBudget.of("999999999999999t", 1, 1).bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(MachineMemory.bytes()).isGreaterThan(100_000_000);
    }

    /** Beside the same model without them: three arrays for each soft cap, two norms and two products in a block. */
    @Test
    void partsOfNewerFamiliesAreCountedToo() {
        Architecture.Sizes sizes = new Architecture.Sizes(1000, 64, 2, 4, 2, 16, 128, 512);
        Architecture plain = Architecture.plain(
                "gemma2",
                sizes,
                new Norm.Rms(1e-5f),
                null,
                Activation.SILU,
                Architecture.Scaling.PLAIN,
                Architecture.Biases.all(false),
                true);
        SoftCap cap = new SoftCap(2);
        Architecture capped = Architecture.plain(
                        "gemma2",
                        sizes,
                        new Norm.Rms(1e-5f),
                        null,
                        Activation.SILU,
                        new Architecture.Scaling(true, false, 1, cap, 0.5),
                        Architecture.Biases.all(false),
                        true)
                .withResidual(Residual.SANDWICH_NORM)
                .withLogitCap(cap);
        long block =
                new ForwardMemory(capped).inference(1, 20, 100, 0) - new ForwardMemory(plain).inference(1, 20, 100, 0);
        assertThat(block).isEqualTo(4 * 20 * (4 * 3 * (20 + 100) + 2 * 4 * 64 + 2 * 64));
        assertThat(new ForwardMemory(capped).inference(1, 1, 0, 4000)).isEqualTo(4 * 4000 * (64 + 4 * 1000));
        Rotary rotary = new Rotary(List.of(1f), 1);
        Architecture stretched = plain.withRotaries(new Rotaries(List.of(rotary), new Rotaries.Longer(40, rotary)));
        assertThat(new ForwardMemory(stretched).cache(10, 40)).isEqualTo(new ForwardMemory(plain).cache(10, 40));
        assertThat(new ForwardMemory(stretched).cache(10, 41)).isEqualTo(2 * new ForwardMemory(plain).cache(10, 41));
    }

    @Test
    void aForwardIsCountedArrayByArray() {
        ForwardMemory forward = new ForwardMemory(Architecture.plain(
                "llama",
                new Architecture.Sizes(1000, 64, 2, 4, 2, 16, 128, 512),
                new Norm.Rms(1e-5f),
                null,
                Activation.SILU,
                Architecture.Scaling.PLAIN,
                Architecture.Biases.all(false),
                true));
        // A token: norms 2 · 4 · 64, projections 64 + 2 · 32, no rotary, grouped mixing 8 · 64, 5 · 128 inside, sums 4
        // · 64.
        long token = 512 + 128 + 512 + 640 + 256;
        // Its scores behind a prefix of 100, in 4 heads: 4 · (5 · 20 + 4 · 100). Two masks of 20 · 120.
        assertThat(forward.inference(4, 20, 100, 4)).isEqualTo(4 * (64 * 80 + 80 * (token + 2000) + 4800));
        assertThat(forward.inference(8, 20, 100, 8))
                .as("masks are shared by all rows")
                .isEqualTo(4 * (64 * 160 + 160 * (token + 2000) + 4800));
        assertThat(forward.inference(4, 20, 0, 4))
                .as("three arrays of scores without a prefix")
                .isEqualTo(4 * (64 * 80 + 80 * (token + 4 * 3 * 20) + 2 * 20 * 20));
        assertThat(forward.inference(4, 20, 100, 4000))
                .as("at many positions the head takes the most: its input, the logits and their softmax")
                .isEqualTo(4 * 4000 * (64 + 2 * 1000));
        assertThat(forward.training(20))
                .as("the graph keeps the blocks of 2 layers and 2 more, and four arrays of logits")
                .isEqualTo(4 * (4 * (20 * (token + 4 * 3 * 20) + 2 * 20 * 20) + 4 * 1000 * 20));
        assertThat(forward.cache(10, 40)).isEqualTo(4 * 2 * 2 * 32 * 10);
        assertThat(ForwardMemory.ofProcess(1000, 10)).isEqualTo(400_000_000 + 1000 + 17);
    }

    @Test
    void aForwardWithAlibiCountsAMaskForEachHead() {
        Architecture plain = Architecture.plain(
                "bloom",
                new Architecture.Sizes(100, 64, 2, 4, 4, 16, 256, Architecture.Sizes.UNLIMITED),
                new Norm.Layer(1e-5f),
                null,
                Activation.RELU,
                Architecture.Scaling.PLAIN,
                Architecture.Biases.all(true),
                true);
        long without = new ForwardMemory(plain).inference(4, 20, 100, 4);
        long with = new ForwardMemory(plain.withAlibi(Alibi.ofHeads(4))).inference(4, 20, 100, 4);
        // In 4 heads: the masks of 20 · 20 own columns, a row of 120 columns, and for each of the 80 tokens the scores
        // of
        // the prefix once more, behind what is added to them.
        assertThat(with - without).isEqualTo(4 * 4 * (20 * 20 + 120 + 80 * 100));
    }
}
