package org.dualform.model;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Switches off the recording of gradients for this thread while it is open. The engine's setting belongs to the thread
 * and is on at first; closing restores the earlier setting. Open and close it on the same thread.
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
