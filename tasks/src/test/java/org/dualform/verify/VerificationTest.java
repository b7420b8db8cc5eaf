package org.dualform.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.model.Assets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the forward pass, a continuation and three fine-tuning steps of every family with plain transformers. */
class VerificationTest {
    /** Losses and norms are averages over many values: they agree far better than single logits. */
    private static final double AVERAGES = 2e-5;

    @ParameterizedTest
    @MethodSource("org.dualform.verify.GoldenNames#all")
    void agreesWithTransformers(String name) {
        check(Assets.at("golden/" + name));
    }

    /** Cases of other shapes, if some were made: DUALFORM_GOLDEN names folders of cases, separated by colons. */
    @ParameterizedTest
    @MethodSource("others")
    void agreesOnCasesOfOtherShapes(Path folder) {
        assumeFalse(folder.toString().isEmpty(), "no further cases given: set DUALFORM_GOLDEN");
        check(folder);
    }

    static Stream<Path> others() throws IOException {
        String roots = System.getenv("DUALFORM_GOLDEN");
        if (roots == null) return Stream.of(Path.of(""));
        Stream<Path> all = Stream.of();
        for (String root : roots.split(":", -1)) {
            try (Stream<Path> cases = Files.list(Path.of(root))) {
                all = Stream.concat(all, cases.sorted().toList().stream());
            }
        }
        return all;
    }

    private static void check(Path folder) {
        List<Agreement> groups = Verification.of(folder);
        assertThat(groups).extracting(Agreement::group).contains("logits", "gen.output", "ft.losses", "logits_ft");
        assertThat(groups).hasSize(11).allMatch(Agreement::agrees);
        assertThat(groups)
                .filteredOn(g -> g.group().equals("ft.losses") || g.group().equals("ft.delta_norms"))
                .allMatch(g -> g.difference() <= AVERAGES);
        assertThat(groups).allMatch(g -> g.values() > 0);
    }
}
