package org.dualform.spec.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArmTest {
    @ParameterizedTest
    @CsvSource({
        "flip=0.250, flip=0.25",
        "flip=1, flip=1",
        "flip=0, flip=0",
        "random_labels, random_labels",
        "ft=label_loss+adam, ft=adam+label_loss",
        "ft=rate:1e-3+v_layer:middle, ft=v_layer:middle+rate:0.001",
        "ft=passes:5, ft=passes:5",
        "untrained_embeddings, untrained_embeddings",
        "lcgd, lcgd",
        "patch=mean, patch=mean",
        "patch=least_squares, patch=least_squares",
        "calibrated, calibrated"
    })
    void equalArmsHaveEqualNames(String given, String canonical) {
        assertThat(Arm.of(given).name()).isEqualTo(canonical);
        assertThat(Arm.of(canonical)).isEqualTo(Arm.of(given));
        assertThat(Tuning.of(Arm.of(given).tuning().text()))
                .isEqualTo(Arm.of(given).tuning());
        assertThat(Arm.Labels.of(Arm.of(given).labels().text()))
                .isEqualTo(Arm.of(given).labels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flp=0.5 | did you mean flip=P",
                "flip=1.5 | share from 0 to 1",
                "flip | as in flip=0.25",
                "ft | as in ft=adam",
                "ft=adm | did you mean adam",
                "ft=v_layer:x | a layer's number from 0 to 9999, or middle",
                "ft=passes:0 | whole number from 1",
                "ft=rate:0 | number above 0",
                "ft=all+v_layer:1 | choose one",
                "ft=adam+adam | twice",
                "patch | patch=mean or patch=least_squares",
                "patch=median | patch=mean or patch=least_squares, not 'patch=median'",
                "untraind | did you mean untrained"
            })
    void mistakesNameTheWayOut(String given, String message) {
        assertThatThrownBy(() -> Arm.of(given))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theMiddleLayerAndTheRank() {
        assertThat(Arm.of("ft=v_layer:middle").tuning().layer(24)).contains(12);
        assertThat(Arm.of("ft=v_layer:3").tuning().layer(24)).contains(3);
        assertThat(Arm.of("main").tuning().layer(24)).isEmpty();
        assertThat(List.of("main", "lcgd", "ft=label_loss", "ft=passes:3"))
                .allMatch(arm -> Arm.of(arm).tuning().lowRank());
        assertThat(List.of("ft=adam", "ft=all", "ft=full_batch", "ft=v_layer:0", "patch=mean"))
                .noneMatch(arm -> Arm.of(arm).tuning().lowRank());
    }
}
