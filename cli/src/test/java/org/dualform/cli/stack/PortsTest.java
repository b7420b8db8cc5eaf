package org.dualform.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    private static final String VARIABLE = "DUALFORM_MLFLOW_PORT";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFolders() {
        home(Map.of()).make();
    }

    @Test
    void theSamePortIsChosenAgainUnlessItIsTaken() throws IOException {
        int first = ports(Map.of()).choose("mlflow", VARIABLE);
        assertThat(ports(Map.of()).choose("mlflow", VARIABLE)).isEqualTo(first);
        try (ServerSocket other = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports(Map.of()).choose("mlflow", VARIABLE)).isNotEqualTo(other.getLocalPort());
        }
    }

    @Test
    void aPortAskedForThatIsTakenIsNamedWithTheWayOut() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = String.valueOf(other.getLocalPort());
            assertThatThrownBy(() -> ports(Map.of(VARIABLE, taken)).choose("mlflow", VARIABLE))
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll("Port " + taken, VARIABLE, "taken", "unset");
        }
    }

    @Test
    void whatIsNoPortIsRefusedWithTheRule() {
        for (String wrong : new String[] {"0", "65536", "-1", "http"}) {
            assertThatThrownBy(() -> ports(Map.of(VARIABLE, wrong)).choose("mlflow", VARIABLE))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("from 1 to 65535; it is " + wrong);
        }
    }

    @Test
    void aDamagedRecordOfPortsIsReplaced() throws IOException {
        Files.writeString(home(Map.of()).run().resolve("ports.json"), "{\"mlflow\": 80");
        int port = ports(Map.of()).choose("mlflow", VARIABLE);
        assertThat(ports(Map.of()).recorded("mlflow")).isEqualTo(port);
    }

    private Ports ports(Map<String, String> environment) {
        return new Ports(home(environment));
    }

    private Home home(Map<String, String> environment) {
        return new Home(folder, folder.resolve("state"), environment);
    }
}
