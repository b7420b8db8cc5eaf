package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void nearNamesComeNearestFirst() {
        assertThat(NearestNames.hint("sst", List.of("agnews", "sst2", "sst5", "mr")))
                .isEqualTo("did you mean sst2 or sst5");
        assertThat(NearestNames.of("SENTIMENTS", List.of("topics", "sentiment")))
                .containsExactly("sentiment");
    }

    @Test
    void whereNothingIsNearAllAreListed() {
        assertThat(NearestNames.hint("imagenet", List.of("topics", "cb"))).isEqualTo("known are: topics, cb");
        assertThat(NearestNames.hint("x", List.of())).isEqualTo("none are known");
        assertThat(NearestNames.of("xy", List.of("cb", "mr"))).isEmpty();
    }
}
