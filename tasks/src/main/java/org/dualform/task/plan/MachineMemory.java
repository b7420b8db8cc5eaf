package org.dualform.task.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, or of the container (cgroup) that this process runs in, whichever is smaller. */
final class MachineMemory {
    private MachineMemory() {}

    /** In bytes. Java itself reads the limits of both versions of cgroups. */
    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
