package org.dualform.finetune.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UpdatePlanTest {
    private static final ProjectionShape WIDE = new ProjectionShape(2, 768, 768, false, 4);

    @Test
    void onePassIsCutBetweenTheCounts() {
        var plan = UpdatePlan.of(List.of(11, 21, 31, 41), List.of(4, 1, 2), 1, WIDE);
        assertThat(plan.segments())
                .extracting(UpdatePlan.Segment::steps)
                .containsExactly(List.of(0), List.of(1), List.of(2, 3));
        assertThat(plan.segments())
                .extracting(UpdatePlan.Segment::tokens)
                .containsExactly(List.of(10), List.of(20), List.of(30, 40));
        assertThat(plan.paths())
                .containsEntry(1, List.of(0))
                .containsEntry(2, List.of(0, 1))
                .containsEntry(4, List.of(0, 1, 2));
        assertThat(plan.steps()).isEqualTo(4);
        assertThat(plan.bytes()).isEqualTo(2L * 4 * 100 * 3 * 768);
    }

    @Test
    void morePassesShareTheFirst() {
        var plan = UpdatePlan.of(List.of(11, 21, 31), List.of(1, 3), 3, WIDE);
        assertThat(plan.segments())
                .extracting(UpdatePlan.Segment::steps)
                .containsExactly(List.of(0), List.of(0, 0), List.of(1, 2), List.of(0, 1, 2, 0, 1, 2));
        assertThat(plan.segments()).extracting(UpdatePlan.Segment::parent).containsExactly(-1, 0, 0, 2);
        assertThat(plan.paths()).containsEntry(1, List.of(0, 1)).containsEntry(3, List.of(0, 2, 3));
        assertThat(plan.steps()).isEqualTo(1 + 2 + 2 + 6);
    }

    /** Factors win below T = 2 d d_kv / (d + 2 d_kv), which is 512 for d = d_kv = 768. */
    @Test
    void theSmallerFormIsKept() {
        assertThat(UpdatePlan.of(List.of(513), List.of(1), 1, WIDE)
                        .segments()
                        .get(0)
                        .dense())
                .isFalse();
        assertThat(UpdatePlan.of(List.of(514), List.of(1), 1, WIDE)
                        .segments()
                        .get(0)
                        .dense())
                .isTrue();
        var grouped = new ProjectionShape(1, 768, 192, false, 4);
        assertThat(UpdatePlan.of(List.of(257), List.of(1), 1, grouped)
                        .segments()
                        .get(0)
                        .dense())
                .isFalse();
        assertThat(UpdatePlan.of(List.of(258), List.of(1), 1, grouped)
                        .segments()
                        .get(0)
                        .dense())
                .isTrue();
    }

    @Test
    void nothingBeforeADenseTotalIsNeeded() {
        var plan = UpdatePlan.of(List.of(401, 601, 11), List.of(1, 2, 3), 1, WIDE);
        assertThat(plan.segments()).extracting(UpdatePlan.Segment::dense).containsExactly(false, true, false);
        assertThat(plan.paths()).containsEntry(2, List.of(1)).containsEntry(3, List.of(1, 2));
        var branches = UpdatePlan.of(List.of(101), List.of(1), 9, WIDE);
        assertThat(branches.bytes()).as("the shared first pass is not kept").isEqualTo(WIDE.denseBytes());
    }

    @Test
    void countsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> UpdatePlan.of(List.of(5), List.of(2), 1, WIDE)).hasMessageContaining("2 shots");
        assertThatThrownBy(() -> UpdatePlan.of(List.of(5), List.of(0), 1, WIDE)).hasMessageContaining("0 shots");
        assertThatThrownBy(() -> UpdatePlan.of(List.of(5), List.of(1), 0, WIDE)).hasMessageContaining("0 passes");
    }
}
