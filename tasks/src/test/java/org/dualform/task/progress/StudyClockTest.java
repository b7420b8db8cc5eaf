package org.dualform.task.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StudyClockTest {
    private final AtomicLong now = new AtomicLong();

    private StudyClock clock(long tokens, double rate) {
        return new StudyClock(tokens, rate, now::get);
    }

    private void part(StudyClock clock, long tokens, Duration took, boolean computed) {
        clock.begins();
        now.addAndGet(took.toNanos());
        clock.ends(tokens, computed);
    }

    @Test
    void beforeAnythingIsMeasuredThePlansSpeedCounts() {
        assertThat(clock(6000, 100).left()).contains(Duration.ofMinutes(1));
        assertThat(clock(6000, 0).left()).isEmpty();
    }

    @Test
    void thenTheSpeedOfWhatIsFinishedCounts() {
        StudyClock clock = clock(10_000, 100);
        part(clock, 1000, Duration.ofMinutes(2), true);
        assertThat(clock.left()).contains(Duration.ofMinutes(18));
        part(clock, 1000, Duration.ofMinutes(4), true);
        assertThat(clock.left()).contains(Duration.ofMinutes(24));
    }

    @Test
    void whatWasFoundFinishedShortensTheRestAndTeachesNoSpeed() {
        StudyClock clock = clock(10_000, 0);
        part(clock, 1000, Duration.ofMinutes(1), true);
        part(clock, 4000, Duration.ofMillis(3), false);
        assertThat(clock.left()).contains(Duration.ofMinutes(5));
    }

    @Test
    void atTheEndNothingIsLeft() {
        StudyClock clock = clock(1000, 100);
        part(clock, 1000, Duration.ofMinutes(1), true);
        assertThat(clock.left()).isEmpty();
    }
}
