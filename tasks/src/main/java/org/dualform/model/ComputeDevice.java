package org.dualform.model;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import org.dualform.contract.UserException;

/**
 * The device on which a model computes: {@code cpu}, or {@code cuda:i} for the i-th graphics processor of this machine.
 *
 * <p>The engine finds its native library by itself, for CPUs or for CUDA; see the documentation of DJL's <a
 * href="https://docs.djl.ai/master/engines/pytorch/pytorch-engine/index.html">PyTorch engine</a>.
 */
public record ComputeDevice(String name) {
    public static final ComputeDevice CPU = new ComputeDevice("cpu");

    private static final String AUTO = "auto";
    private static final String CUDA = "cuda";

    public ComputeDevice {
        if (!name.matches("cpu|cuda:\\d{1,3}")) throw new IllegalArgumentException("no device: " + name);
    }

    /**
     * The device that {@code asked} means on this machine. {@code auto} is the first graphics processor if there is
     * one, else the CPU.
     *
     * @param asked {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:i}
     * @throws UserException if there is no such device, or the engine's library is not made for it
     */
    public static ComputeDevice find(String asked) {
        if (asked.equals(CPU.name)) return CPU;
        int count = CudaUtils.getGpuCount();
        if (asked.equals(AUTO)) return count > 0 && engineHasCuda() ? new ComputeDevice(CUDA + ":0") : CPU;
        if (!asked.matches("cuda(:\\d{1,3})?")) {
            throw UserException.usage("device: has to be auto, cpu, cuda or cuda:0, cuda:1 …, not " + asked + ".");
        }
        ComputeDevice device = new ComputeDevice(asked.equals(CUDA) ? CUDA + ":0" : asked);
        device.require(count);
        return device;
    }

    /**
     * Whether this machine has a graphics processor that is not used, because the engine's library is the one for CPUs.
     */
    public static boolean leavesGpuIdle() {
        return CudaUtils.getGpuCount() > 0 && !engineHasCuda();
    }

    private void require(int count) {
        if (count == 0) {
            throw UserException.config(
                    "device: " + name + " is not there: CUDA finds no graphics processor on this machine. Take"
                            + " --device cpu, or install NVIDIA's driver and CUDA.");
        }
        if (index() >= count) {
            throw UserException.config("device: " + name + " is not there: this machine has cuda:0"
                    + (count > 1 ? " to cuda:" + (count - 1) : " alone") + ".");
        }
        if (!engineHasCuda()) {
            throw UserException.config(
                    "device: the engine's native library is the one for CPUs, so it cannot compute on " + name
                            + ". Set PYTORCH_FLAVOR=cu128 where the library can be downloaded, or PYTORCH_LIBRARY_PATH"
                            + " to the lib folder of a PyTorch 2.7.1 with CUDA; or take --device cpu.");
        }
    }

    private static boolean engineHasCuda() {
        try (var loaded = LanguageModel.newManager()) {
            return loaded.isOpen() && JniUtils.getFeatures().contains("CUDA");
        }
    }

    private int index() {
        return Integer.parseInt(name.substring(CUDA.length() + 1));
    }

    Device device() {
        return equals(CPU) ? Device.cpu() : Device.gpu(index());
    }

    @Override
    public String toString() {
        return name;
    }
}
