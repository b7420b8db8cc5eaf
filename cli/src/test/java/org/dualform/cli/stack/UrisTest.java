package org.dualform.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.machine.Home;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;

class UrisTest {
    @Test
    void whatMeansSomethingElseInAUriIsEncoded() {
        assertThat(Uris.sqlite(Path.of("/state/airflow.db"))).isEqualTo("sqlite:////state/airflow.db");
        assertThat(Uris.sqlite(Path.of("/a b/100%20/x?y#z/$HOME/a.db")))
                .isEqualTo("sqlite:////a%20b/100%2520/x%3Fy%23z/%24HOME/a.db");
        assertThat(Uris.file(Path.of("/a b/\u00e9"))).isEqualTo("file:///a%20b/%C3%A9");
    }

    @Test
    void aUriOfAFileNamesThatFile() {
        Path odd = Path.of("/a b/100%20/x?y#z/it's;=&+@\u00e9");
        assertThat(URI.create(Uris.file(odd)).getPath()).isEqualTo(odd.toString());
    }

    @Test
    void airflowIsToldItsDatabaseSo() {
        Map<String, String> settings = settings("/s?t#%20");
        assertThat(settings)
                .containsEntry("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "sqlite:////s%3Ft%23%2520/airflow/airflow.db");
    }

    @Test
    void aPathInWhichAirflowWouldSeeAVariableIsRefused() {
        assertThatThrownBy(() -> settings("/my$HOME"))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("/my$HOME", "DUALFORM_HOME");
    }

    private static Map<String, String> settings(String state) {
        Home home = new Home(Path.of("/project"), Path.of(state), Map.of());
        return AirflowSettings.of(home, new Secrets("p", "j", "f"), 1, URI.create("http://127.0.0.1:2"), 2);
    }
}
