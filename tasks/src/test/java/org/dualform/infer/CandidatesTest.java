package org.dualform.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.dualform.infer.Candidates.Target;

class CandidatesTest {
    @Example
    void labelsOfOneTokenNeedTheQueryAlone() {
        var candidates = Candidates.of(List.of(List.of(7), List.of(9), List.of(8)));
        assertThat(candidates.continuations()).containsExactly(List.of());
        assertThat(candidates.targets())
                .containsExactly(
                        List.of(new Target(0, 0, 7)), List.of(new Target(0, 0, 9)), List.of(new Target(0, 0, 8)));
    }

    @Example
    void labelsThatBeginAlikeShareAContinuation() {
        var candidates = Candidates.of(List.of(List.of(1, 2, 3), List.of(1, 4), List.of(1), List.of(5, 6)));
        assertThat(candidates.continuations()).containsExactly(List.of(1, 2), List.of(5));
        assertThat(candidates.targets().get(1)).containsExactly(new Target(0, 0, 1), new Target(0, 1, 4));
        assertThat(candidates.targets().get(3)).containsExactly(new Target(0, 0, 5), new Target(1, 1, 6));
    }

    @Property
    void everyTokenIsScoredBehindItsOwnLabelsStart(
            @ForAll @Size(min = 1, max = 5) List<@Size(min = 1, max = 4) List<@IntRange(max = 2) Integer>> labels) {
        var candidates = Candidates.of(labels);
        for (int label = 0; label < labels.size(); label++) {
            var scored = new ArrayList<Integer>();
            for (Target target : candidates.targets().get(label)) {
                assertThat(candidates.continuations().get(target.continuation()).subList(0, target.after()))
                        .isEqualTo(scored);
                scored.add(target.token());
            }
            assertThat(scored).isEqualTo(labels.get(label));
        }
        assertThat(candidates.continuations().size()).isLessThanOrEqualTo(labels.size());
    }

    @Example
    void aLabelWithoutTokensIsRefused() {
        assertThatThrownBy(() -> Candidates.of(List.of(List.of(1), List.of()))).hasMessageContaining("needs a token");
        assertThatThrownBy(() -> Candidates.of(List.of())).hasMessageContaining("needs a token");
    }
}
