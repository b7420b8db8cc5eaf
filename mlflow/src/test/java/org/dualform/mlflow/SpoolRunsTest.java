package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits, listed while another process delivers it. */
class SpoolRunsTest {
    @TempDir
    Path folder;

    @Test
    void sessionsThatGoMeanwhileStopNoListing() throws Exception {
        Spool spool = new Spool(folder);
        Path staying =
                Files.createDirectories(folder.resolve("queue").resolve("run-0").resolve("0000"));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService deliverer = Executors.newSingleThreadExecutor();
        try {
            Future<?> delivering = deliverer.submit(() -> {
                while (!done.get()) {
                    for (int i = 1; i < 8; i++) {
                        Path session = Files.createDirectories(
                                folder.resolve("queue").resolve("run-" + i).resolve("0001"));
                        Files.delete(session);
                    }
                }
                return null;
            });
            for (int i = 0; i < 2000; i++) assertThat(spool.runs()).first().isEqualTo(staying.getParent());
            done.set(true);
            delivering.get();
        } finally {
            done.set(true);
            deliverer.shutdown();
        }
    }
}
