package org.dualform.task.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.model.ForwardMemory;
import org.dualform.model.part.Activation;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Norm;
import org.dualform.spec.Experiment;
import org.dualform.task.source.HubSources;
import org.dualform.task.store.FileHashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plan says of memory, and what it chooses for it. */
class MemoryPlanTest {
    private static final long MACHINE = 64L << 30;

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
        JsonNode plan = plan(values(), MACHINE, 1).toJson();
        assertThat(plan.path("chunk_rows").asInt()).isEqualTo(16);
        assertThat(plan.path("cells")
                        .path(0)
                        .path("parameters")
                        .path("chunk_rows")
                        .asInt())
                .isEqualTo(16);
        assertThat(plan.path("cost").path("memory_bytes").asLong()).isBetween(400_000_000L, 600_000_000L);
        assertThat(plan.path("warnings").toString()).doesNotContain("of memory");
    }

    @Test
    void lessMemoryMeansFewerRows() throws IOException {
        long most = bytes(values());
        StudyPlan half = plan(values().put("memory", String.valueOf(most - 1)), MACHINE, 1);
        assertThat(half.chunkRows()).isBetween(1, 8);
        assertThat(half.cost().memoryBytes()).isLessThan(most);
        StudyPlan exact = plan(values().put("memory", String.valueOf(half.cost().memoryBytes())), MACHINE, 1);
        assertThat(exact.chunkRows()).isEqualTo(half.chunkRows());
        StudyPlan less = plan(values().put("memory", String.valueOf(half.cost().memoryBytes() - 1)), MACHINE, 1);
        assertThat(less.chunkRows()).isLessThan(half.chunkRows());
        assertThat(plan(values().put("memory", String.valueOf(most)), MACHINE, 1)
                        .chunkRows())
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

    @Test
    void aForwardGrowsWithAllItsSizes() {
        ForwardMemory forward = new ForwardMemory(Architecture.plain(
                "llama",
                new Architecture.Sizes(1000, 64, 2, 4, 2, 16, 128, 512),
                new Norm.Rms(1e-5f),
                null,
                Activation.SILU,
                Architecture.Scaling.PLAIN,
                Architecture.Biases.all(false),
                true));
        long some = forward.inference(4, 20, 100, 4);
        assertThat(forward.inference(8, 20, 100, 8)).isGreaterThan(some).isLessThanOrEqualTo(2 * some);
        assertThat(forward.inference(4, 40, 100, 4)).isGreaterThan(2 * some - 1);
        assertThat(forward.inference(4, 20, 200, 4)).isGreaterThan(some);
        assertThat(forward.inference(4, 20, 100, 4000))
                .as("a head at many positions")
                .isGreaterThan(some);
        assertThat(forward.training(40)).isGreaterThan(2 * forward.training(20) - 1);
        assertThat(forward.cache(10)).isEqualTo(2L * 2 * 32 * 10 * 4);
    }
}
