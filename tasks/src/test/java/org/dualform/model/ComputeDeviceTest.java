package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.util.cuda.CudaUtils;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;

class ComputeDeviceTest {
    @Test
    void withoutAGraphicsProcessorTheCpuComputesAndCudaIsRefused() {
        assumeTrue(CudaUtils.getGpuCount() == 0, "this machine has a graphics processor");
        assertThat(ComputeDevice.find("auto")).isEqualTo(ComputeDevice.CPU);
        assertThat(ComputeDevice.leavesGpuIdle()).isFalse();
        assertThatThrownBy(() -> ComputeDevice.find("cuda"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cuda:0 is not there")
                .hasMessageContaining("--device cpu");
    }

    @Test
    void whatNamesNoDeviceIsRefused() {
        assertThatThrownBy(() -> ComputeDevice.find("gpu"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cuda:1");
        assertThatThrownBy(() -> ComputeDevice.find("cuda:-1")).isInstanceOf(UserException.class);
        assertThat(ComputeDevice.find("cpu")).isEqualTo(ComputeDevice.CPU);
    }
}
