package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(4, Duration.ofMillis(100), Duration.ofSeconds(5));

    @Test
    void waitsDoubleAndStayBetweenHalfAndTheWhole() {
        Set<Duration> seen = new HashSet<>();
        for (int draw = 0; draw < 200; draw++) {
            for (int failures = 1; failures < 4; failures++) {
                Duration wait = BACKOFF.after(failures, Duration.ZERO).orElseThrow();
                long most = 100L << (failures - 1);
                assertThat(wait).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
                seen.add(wait);
            }
        }
        assertThat(seen).hasSizeGreaterThan(100);
    }

    @Test
    void givesUpAfterTheLastTry() {
        assertThat(BACKOFF.after(3, Duration.ZERO)).isPresent();
        assertThat(BACKOFF.after(4, Duration.ZERO)).isEmpty();
        assertThat(BACKOFF.atMost(2).after(1, Duration.ZERO)).isPresent();
        assertThat(BACKOFF.atMost(2).after(2, Duration.ZERO)).isEmpty();
        assertThat(BACKOFF.atMost(9).after(4, Duration.ZERO)).isEmpty();
    }

    @Test
    void aServerMayAskForLongerButNotForTooLong() {
        assertThat(BACKOFF.after(1, Duration.ofSeconds(5))).contains(Duration.ofSeconds(5));
        assertThat(BACKOFF.after(1, Duration.ofSeconds(6))).isEmpty();
        assertThat(BACKOFF.after(1, Duration.ofMillis(1)).orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void waitsGrowNoFurtherAfterManyFailures() {
        Backoff endless = new Backoff(Integer.MAX_VALUE, Duration.ofMillis(1), Duration.ofSeconds(1));
        assertThat(endless.after(1_000_000, Duration.ZERO).orElseThrow()).isLessThanOrEqualTo(Duration.ofMillis(1024));
    }

    @Test
    void readsSecondsOfRetryAfter() {
        assertThat(Backoff.retryAfter(" 17 ")).isEqualTo(Duration.ofSeconds(17));
        assertThat(Backoff.retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
        assertThat(Backoff.retryAfter("-1")).isZero();
        assertThat(Backoff.retryAfter(null)).isZero();
    }

    @Test
    void knowsWhatWasNeverSent() {
        assertThat(Backoff.neverSent(new ConnectException("refused"))).isTrue();
        assertThat(Backoff.neverSent(new UnknownHostException("nowhere"))).isTrue();
        assertThat(Backoff.neverSent(new SocketTimeoutException("no answer"))).isFalse();
        assertThat(Backoff.neverSent(null)).isFalse();
    }

    @Test
    void aWaitLastsItsTimeAndLooksAroundMeanwhile() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        long start = System.nanoTime();
        Wait.sleep(Duration.ofMillis(250), looks::incrementAndGet);
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(249).toNanos());
        assertThat(looks.get()).isBetween(1, 3);
        assertThatThrownBy(() -> Wait.sleep(Duration.ofMinutes(1), () -> {
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
    }
}
