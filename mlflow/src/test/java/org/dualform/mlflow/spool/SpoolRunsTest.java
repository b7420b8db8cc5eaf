package org.dualform.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the list of waiting data while another process delivers it. */
class SpoolRunsTest {
    private static final int DELIVERIES = 2000;
    private static final long LONGEST_SECONDS = 60;

    @TempDir
    Path folder;

    private Path sessionOf(int run) {
        return folder.resolve("queue").resolve("run-" + run).resolve("0001");
    }

    /** Lists until enough sessions have come and gone meanwhile, so that a slow deliverer cannot make the test pass. */
    @Test
    void sessionsThatGoMeanwhileStopNoListing() throws Exception {
        Spool spool = new Spool(folder);
        Path staying =
                Files.createDirectories(folder.resolve("queue").resolve("run-0").resolve("0000"));
        AtomicInteger delivered = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService deliverer = Executors.newSingleThreadExecutor();
        int seenUnderway = 0;
        try {
            Future<?> delivering = deliverer.submit(() -> {
                for (int i = 0; !stop.get(); i++) {
                    Path session = sessionOf(1 + i % 7);
                    Files.createDirectories(session);
                    Files.delete(session);
                    spool.tidy(session.getParent());
                    delivered.incrementAndGet();
                }
                return null;
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (delivered.get() < DELIVERIES || seenUnderway == 0) {
                var runs = spool.runs();
                assertThat(runs).first().isEqualTo(staying.getParent());
                seenUnderway += runs.size() - 1;
                assertThat(System.nanoTime())
                        .as("the deliverer does its part in time")
                        .isLessThan(end);
                assertThat(delivering.isDone()).as("the deliverer works").isFalse();
            }
            stop.set(true);
            delivering.get();
        } finally {
            stop.set(true);
            deliverer.shutdown();
        }
        assertThat(seenUnderway).as("sessions that were seen before they went").isPositive();
    }
}
