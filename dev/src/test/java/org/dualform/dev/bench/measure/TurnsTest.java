package org.dualform.dev.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void sidesTakeTurnsAndARatioIsOfOneRound() {
        List<String> order = new ArrayList<>();
        Iterator<Double> slow = List.of(100.0, 2.0, 6.0, 20.0).iterator();
        Iterator<Double> fast = List.of(1.0, 1.0, 2.0, 5.0).iterator();
        Turns turns = new Turns();
        turns.add("slow", () -> {
            order.add("slow");
            return slow.next();
        });
        turns.add("fast", () -> {
            order.add("fast");
            return fast.next();
        });
        turns.run(3);
        assertThat(order).containsExactly("slow", "fast", "slow", "fast", "slow", "fast", "slow", "fast");
        assertThat(turns.ratio("slow", "fast")).isEqualTo(new Spread(3, 2, 4, 3));
        assertThat(turns.text("slow", 2, "fast")).isEqualTo("12.0 s / 2.00 s");
    }
}
