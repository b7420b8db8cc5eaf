package org.dualform.task.store;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine or container, for messages about what one worker has and another lacks. */
public final class WorkerName {
    private WorkerName() {}

    public static String get() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a machine without a name";
        }
    }
}
