package org.dualform.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import org.dualform.contract.UserException;

/**
 * The number of threads that the engine computes with. Every one of them is a thread of the system, and a machine that
 * has no more of them can start no other program; so their number is bounded by the machine.
 */
public final class ComputeThreads {
    /** More threads than processors are slow, but may be wanted to repeat results of a larger machine. */
    private static final int FEW = 64;

    private static final int FOR_EACH_PROCESSOR = 4;

    private ComputeThreads() {}

    /** The largest number on this machine. */
    public static int most() {
        return most(Runtime.getRuntime().availableProcessors());
    }

    static int most(int processors) {
        return Math.max(FEW, FOR_EACH_PROCESSOR * processors);
    }

    /** A sentence that says why a number is too large. */
    public static String rule(int threads) {
        return "has to be at most " + most() + " on this machine ("
                + Runtime.getRuntime().availableProcessors() + " processors), not " + threads + ".";
    }

    /**
     * Sets the number for all computations that follow.
     *
     * @throws UserException if this machine is too small for so many
     */
    public static void set(int threads) {
        if (threads > most()) throw UserException.usage("parameters: threads " + rule(threads));
        Engine.getEngine("PyTorch"); // loads the native library, where nothing has done so yet
        JniUtils.setNumThreads(threads);
    }
}
