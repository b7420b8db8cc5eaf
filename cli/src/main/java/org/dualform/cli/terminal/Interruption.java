package org.dualform.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the working thread, and keeps the process alive until that thread has
 * cleaned up. The process then ends with the signal's own exit code, 130 or 143. A second Ctrl-C ends it at once.
 */
public final class Interruption implements AutoCloseable {
    /** The longest wait for cleaning up. Servers need some seconds to stop; after this the process ends regardless. */
    private static final long PATIENCE_SECONDS = 90;

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch tidied = new CountDownLatch(1);
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Thread hook = new Thread(this::signalled, "dualform-interruption");

    private Interruption() {}

    /** Installs it for the calling thread, until it is closed. */
    public static Interruption install() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void signalled() {
        requested.set(true);
        SecondSignal.install(this::endAtOnce);
        worker.interrupt();
        try {
            if (!tidied.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("Gave up waiting for the cleaning up; ./dualform down stops what is left.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the process without waiting for anything, on another Ctrl-C during cleaning up. */
    private void endAtOnce() {
        System.err.println("Ended without cleaning up; ./dualform down stops what is left.");
        tidied.countDown();
    }

    /** True after Ctrl-C or SIGTERM. Any exception since then is its consequence. */
    public boolean requested() {
        return requested.get();
    }

    /**
     * Clears the interrupt of a signal, so that cleaning up can wait and write files. Both would fail at once
     * otherwise.
     */
    public void settle() {
        if (Thread.interrupted() && !requested.get()) {
            worker.interrupt();
        }
    }

    /** Says that cleaning up is finished, so that the process may end. */
    @Override
    public void close() {
        tidied.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is already ending, and the hook no longer waits.
            return;
        }
    }
}
