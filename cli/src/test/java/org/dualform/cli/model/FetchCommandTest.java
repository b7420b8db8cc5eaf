package org.dualform.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dualform.cli.Ran;
import org.dualform.hub.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {
    private final FakeHub hub = new FakeHub().withModel();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void theFolderOfAFetchedModelIsTheOnlyLineOfOutput() throws Exception {
        Ran ran = run("fetch", FakeHub.ID);
        Path snapshot = folder.resolve("hub/models--acme--tiny/snapshots/" + FakeHub.COMMIT);
        assertThat(ran.errors()).endsWith("acme/tiny@" + FakeHub.COMMIT + "\n");
        assertThat(ran.out()).isEqualTo(snapshot + "\n");
        assertThat(ran.code()).isZero();
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(hub.files.get("model.safetensors"));
        assertThat(Files.exists(snapshot.resolve("pytorch_model.bin"))).isFalse();
    }

    @Test
    void aNameOfAnotherFormIsRefusedBeforeAnythingIsAsked() throws Exception {
        Ran ran = run("fetch", "tiny");
        assertThat(ran.code()).isEqualTo(64);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors())
                .isEqualTo("NAME has to be org/name[@revision] (value: tiny); for a data set add" + " --dataset.\n");
        assertThat(hub.seen).isEmpty();
    }

    private Ran run(Object... words) throws Exception {
        Map<String, String> environment = new HashMap<>(hub.environment(folder));
        environment.put("DUALFORM_HOME", folder.resolve("state").toString());
        return Ran.apart(folder, environment, words);
    }
}
