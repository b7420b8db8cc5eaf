package org.dualform.model.part;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dualform.model.LanguageModel;
import org.junit.jupiter.api.Test;

class AlibiTest {
    /** The numbers of the paper's section 3, and between powers of 2 those of its authors' code. */
    @Test
    void slopesAreThePapers() {
        assertThat(Alibi.ofHeads(8).slopes())
                .containsExactly(0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f, 0.015625f, 0.0078125f, 0.00390625f);
        assertThat(Alibi.ofHeads(16).slopes().get(0)).isEqualTo((float) Math.sqrt(0.5));
        assertThat(Alibi.ofHeads(6).slopes()).containsExactly(0.25f, 0.0625f, 0.015625f, 0.00390625f, 0.5f, 0.125f);
        assertThat(Alibi.ofHeads(1).slopes()).containsExactly(0.00390625f);
        assertThat(Alibi.ofHeads(112).slopes()).hasSize(112).doesNotHaveDuplicates();
    }

    @Test
    void aColumnHasItsPositionTimesTheSlopeWhereverACallBegins() {
        try (NDManager manager = LanguageModel.newManager()) {
            NDArray added = Alibi.ofHeads(2).columns(manager, 5, 3, DataType.FLOAT64);
            assertThat(added.getShape()).isEqualTo(new Shape(2, 1, 1, 3));
            assertThat(added.toDoubleArray())
                    .containsExactly(5 / 16.0, 6 / 16.0, 7 / 16.0, 5 / 256.0, 6 / 256.0, 7 / 256.0);
        }
    }
}
