package org.dualform.cli.model;

import org.dualform.model.ComputeDevice;
import picocli.CommandLine.Option;

/** Where a model computes, for commands that open one themselves. */
final class DeviceOption {
    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "DEVICE",
            description = "Where to compute: cpu, cuda, cuda:1 or auto (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // has a default
    private String device;

    /** @throws org.dualform.contract.UserException where there is no such device */
    ComputeDevice find() {
        return ComputeDevice.find(device);
    }
}
