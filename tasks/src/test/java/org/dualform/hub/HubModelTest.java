package org.dualform.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.hub.cache.Storage;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.HubSettings;
import org.dualform.hub.http.RepoKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelTest {
    @TempDir
    Path home;

    private FakeHub server;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() {
        server = new FakeHub().withModel();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HubName name(String reference) {
        return HubName.parse(RepoKind.MODEL, reference).orElseThrow();
    }

    private Fetched fetch(String reference) {
        return fetch(reference, server.environment(home));
    }

    private Fetched fetch(String reference, Map<String, String> environment) {
        try (Hub hub = FakeHub.open(environment)) {
            return hub.model(name(reference), Progress.none(), said::add);
        }
    }

    private Map<String, String> with(String variable, String value) {
        Map<String, String> environment = new HashMap<>(server.environment(home));
        environment.put(variable, value);
        return environment;
    }

    private Path repository() {
        return home.resolve("hub/models--acme--tiny");
    }

    @Test
    void onlyWhatIsNeededComesInTheLayoutOfPythonsCache() throws IOException {
        Fetched fetched = fetch("acme/tiny");
        assertThat(fetched.origin()).isEqualTo("acme/tiny@" + FakeHub.COMMIT);
        assertThat(fetched.folder()).isEqualTo(repository().resolve("snapshots/" + FakeHub.COMMIT));
        try (var files = Files.list(fetched.folder())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");
        }
        Path weights = fetched.folder().resolve("model.safetensors");
        assertThat(Files.readSymbolicLink(weights).toString())
                .isEqualTo("../../blobs/" + server.etag("model.safetensors"));
        assertThat(Files.readSymbolicLink(fetched.folder().resolve("config.json"))
                        .toString())
                .isEqualTo("../../blobs/" + server.etag("config.json"));
        assertThat(weights).hasBinaryContent(server.files.get("model.safetensors"));
        assertThat(repository().resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(server.seen).noneMatch(request -> request.path().contains("pytorch_model"));
    }

    @Test
    void theTokenGoesToTheHubAndNoFurther() {
        fetch("acme/tiny");
        assertThat(server.seen)
                .filteredOn(request -> request.server().equals("hub"))
                .isNotEmpty()
                .allMatch(request -> request.authorization().equals("Bearer " + FakeHub.TOKEN));
        assertThat(server.seen)
                .filteredOn(request -> request.server().equals("cdn"))
                .isNotEmpty()
                .allMatch(request -> request.authorization().isEmpty());
    }

    @Test
    void theTokenIsShownNowhere() {
        HubSettings settings = HubSettings.fromEnvironment(server.environment(home));
        assertThat(settings.toString()).doesNotContain(FakeHub.TOKEN);
        server.gated = true;
        assertThatThrownBy(() -> fetch("acme/tiny")).hasMessageNotContaining(FakeHub.TOKEN);
        assertThatThrownBy(() -> fetch("acme/tiny", with("HF_TOKEN", "hf_sécret x")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("cret");
    }

    @Test
    void theTokenFileOfPythonsLoginCounts() throws IOException {
        Files.writeString(home.resolve("token"), FakeHub.TOKEN + "\n");
        server.isPrivate = true;
        Map<String, String> environment = with("HF_TOKEN", "");
        assertThat(fetch("acme/tiny", environment).folder()).isDirectory();
    }

    @Test
    void aSecondTimeNothingIsFetched() {
        fetch("acme/tiny");
        server.seen.clear();
        fetch("acme/tiny");
        assertThat(server.seen).extracting(FakeHub.Seen::path).containsExactly("/api/models/acme/tiny/revision/main");
    }

    @Test
    void aNewCommitFetchesWhatChanged() {
        Path before = fetch("acme/tiny").folder();
        server.commit = "f".repeat(40);
        server.with("config.json", "{\"model_type\": \"llama\"}");
        server.seen.clear();
        Path after = fetch("acme/tiny").folder();
        assertThat(after).isNotEqualTo(before);
        assertThat(server.fetches("model.safetensors")).isZero();
        assertThat(server.fetches("config.json")).isOne();
        assertThat(after.resolve("config.json")).hasContent("{\"model_type\": \"llama\"}");
        assertThat(before.resolve("config.json")).hasContent("{\"model_type\": \"gpt2\"}");
        assertThat(repository().resolve("refs/main")).hasContent("f".repeat(40));
    }

    @Test
    void aRevisionWithSlashesAndARenamedRepository() {
        assertThat(fetch("acme/tiny@refs/pr/1").folder()).isDirectory();
        assertThat(server.seen.get(0).path()).isEqualTo("/api/models/acme/tiny/revision/refs%2Fpr%2F1");
        assertThat(repository().resolve("refs/refs/pr/1")).hasContent(FakeHub.COMMIT);
        assertThat(fetch("old/name").folder().resolve("config.json")).exists();
    }

    @Test
    void shardsAreThoseTheIndexNames() {
        server.files.remove("model.safetensors");
        server.with(
                        "model.safetensors.index.json",
                        "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}")
                .with("model-1.safetensors", "one")
                .with("model-2.safetensors", "two")
                .with("consolidated.safetensors", "the same again");
        Path folder = fetch("acme/tiny").folder();
        assertThat(folder.resolve("model-1.safetensors")).hasContent("one");
        assertThat(folder.resolve("model-2.safetensors")).hasContent("two");
        assertThat(folder.resolve("consolidated.safetensors")).doesNotExist();
        server.files.remove("model-2.safetensors");
        server.commit = "e".repeat(40);
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model-2.safetensors");
    }

    @Test
    void pickledWeightsAreRefusedBeforeAnythingIsFetched() {
        server.files.remove("model.safetensors");
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("pickle")
                .hasMessageContaining("save_pretrained");
        assertThat(server.seen).hasSize(1);
        server.files.remove("pytorch_model.bin");
        server.with("model.Q4.gguf", "x");
        assertThatThrownBy(() -> fetch("acme/tiny")).hasMessageContaining("GGUF");
        server.files.remove("config.json");
        server.with("adapter_config.json", "{}");
        assertThatThrownBy(() -> fetch("acme/tiny")).hasMessageContaining("adapter");
    }

    @Test
    void gatedMissingAndUnknownRevisionsAreToldApart() {
        assertThatThrownBy(() -> fetch("acme/tiny@v9"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no revision 'v9'");
        assertThatThrownBy(() -> fetch("acme/tyni"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("There is no model acme/tyni")
                .extracting(e -> ((UserException) e).exitCode())
                .isEqualTo(ExitCode.DATA);
        server.isPrivate = true;
        assertThatThrownBy(() -> fetch("acme/tiny", with("HF_TOKEN", ""))).hasMessageContaining("HF_TOKEN");
        server.isPrivate = false;
        server.gated = true;
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is gated")
                .hasMessageContaining("has no access")
                .extracting(e -> ((UserException) e).exitCode())
                .isEqualTo(ExitCode.CONFIG);
        assertThatThrownBy(() -> fetch("acme/tiny", with("HF_TOKEN", "")))
                .hasMessageContaining("accept its terms at " + server.url() + "/acme/tiny");
    }

    @Test
    void offlineTheCacheAloneCounts() throws IOException {
        Map<String, String> offline = with("HF_HUB_OFFLINE", "1");
        assertThatThrownBy(() -> fetch("acme/tiny", offline))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_HUB_OFFLINE is set");
        Path online = fetch("acme/tiny").folder();
        server.seen.clear();
        assertThat(fetch("acme/tiny", offline).folder()).isEqualTo(online);
        assertThat(fetch("acme/tiny@" + FakeHub.COMMIT, offline).folder()).isEqualTo(online);
        assertThat(server.seen).isEmpty();
        Files.delete(online.resolve("model.safetensors"));
        assertThatThrownBy(() -> fetch("acme/tiny", offline))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("in the cache has neither model.safetensors");
    }

    @Test
    void aHubThatIsAwayLeavesTheCache() {
        Path online = fetch("acme/tiny").folder();
        server.apiFailures = 100;
        assertThat(fetch("acme/tiny").folder()).isEqualTo(online);
        assertThat(said).singleElement().asString().contains("503").contains("copy in the cache");
        assertThatThrownBy(() -> fetch("old/name")).isInstanceOf(TransientException.class);
    }

    @Test
    void aFullDiskIsToldBeforeAnythingIsFetched() {
        HubSettings settings = HubSettings.fromEnvironment(server.environment(home));
        Storage small = new Storage(settings.cache(), folder -> 1000);
        try (Hub hub = new Hub(settings, FakeHub.retries(), small)) {
            assertThatThrownBy(() -> hub.model(name("acme/tiny"), Progress.none(), said::add))
                    .isInstanceOf(PermanentException.class)
                    .hasMessageContaining("HF_HOME");
        }
        assertThat(server.seen)
                .filteredOn(request -> request.server().equals("cdn"))
                .isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenIsTheUsersToMend() throws IOException {
        Files.writeString(home.resolve("hub"), "a file");
        assertThatThrownBy(() -> fetch("acme/tiny"))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("HF_HOME");
    }

    @Test
    void stoppedItLeavesNothingUnfinishedInTheSnapshot() {
        Progress stopping = (what, done, total) -> {
            if (what.startsWith("Fetching") && done * 2 > total) throw new CancelledException();
        };
        try (Hub hub = server.open(home)) {
            assertThatThrownBy(() -> hub.model(name("acme/tiny"), stopping, said::add))
                    .isInstanceOf(CancelledException.class);
        }
        Path blob = repository().resolve("blobs/" + server.etag("model.safetensors"));
        assertThat(blob).doesNotExist();
        assertThat(repository().resolve("refs/main")).doesNotExist();
        assertThat(fetch("acme/tiny").folder().resolve("model.safetensors"))
                .hasBinaryContent(server.files.get("model.safetensors"));
        assertThat(server.seen)
                .anyMatch(request ->
                        request.server().equals("cdn") && request.range().startsWith("bytes="));
    }

    @Test
    void progressReachesItsEnd() {
        List<String> told = new ArrayList<>();
        try (Hub hub = server.open(home)) {
            hub.model(name("acme/tiny"), (what, done, total) -> told.add(what + " " + done + "/" + total), said::add);
        }
        assertThat(told.get(told.size() - 1)).isEqualTo("Fetching acme/tiny (KiB) 98/98");
    }

    @Test
    void aBadEndpointIsTold() {
        assertThatThrownBy(() -> fetch("acme/tiny", with("HF_ENDPOINT", "huggingface.co")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_ENDPOINT");
        assertThatThrownBy(() -> fetch("acme/tiny", with("HF_ENDPOINT", server.url() + "/nowhere")))
                .isInstanceOf(UserException.class);
    }
}
