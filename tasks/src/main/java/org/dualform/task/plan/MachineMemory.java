package org.dualform.task.plan;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory there is: the machine's, or the limit of the container (cgroup) that this process runs in, if smaller. */
final class MachineMemory {
    private MachineMemory() {}

    /** In bytes. Java reads the limits of both versions of cgroups itself, as for its processors. */
    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
