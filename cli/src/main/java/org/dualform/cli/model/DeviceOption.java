package org.dualform.cli.model;

import org.dualform.model.ComputeDevice;
import picocli.CommandLine.Option;

/** The option {@code --device}, for commands that open a model themselves. */
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
