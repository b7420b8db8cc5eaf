package org.dualform.model;

import ai.djl.pytorch.jni.JniUtils;

/**
 * While open, this thread records no graph for gradients. The engine's setting is per thread and starts on; closing
 * restores what was. Open and close on one thread.
 */
public final class NoGrad implements AutoCloseable {
    private final boolean before = JniUtils.isGradMode();

    public NoGrad() {
        JniUtils.setGradMode(false);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
