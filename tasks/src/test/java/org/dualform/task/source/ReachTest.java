package org.dualform.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which paths a form may name. */
class ReachTest {
    @TempDir
    private Path folder;

    private Path root;
    private Path secret;

    @BeforeEach
    void files() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("mine"));
        Files.writeString(root.resolve("mine/train.jsonl"), "{}");
        secret = Files.writeString(folder.resolve("secret.json"), "{}");
    }

    private Reach confined() {
        return Reach.of(Reach.ofTask(Map.of("DUALFORM_DATA_ROOTS", root.toString())));
    }

    @Test
    void whatLiesBelowARootMayBeNamed() {
        assertThat(confined().allows(root.resolve("mine").toString())).isTrue();
        assertThat(confined().allows(root + "/mine/../mine/train.jsonl")).isTrue();
    }

    @Test
    void whatLiesElsewhereMayNotAndNothingIsToldOfIt() {
        assertThat(confined().allows(secret.toString())).isFalse();
        assertThat(confined().allows(folder.resolve("none.json").toString())).isFalse();
        assertThat(confined().allows(root + "/../secret.json")).isFalse();
        assertThat(confined().allows("../secret.json")).isFalse();
        assertThat(confined().allows(folder + "/root-other")).isFalse();
    }

    @Test
    void aLinkThatLeadsOutOfTheRootsIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link.json"), secret);
        assertThat(confined().allows(link)).isFalse();
        Path hostile = Files.createDirectories(root.resolve("hostile"));
        Files.createSymbolicLink(hostile.resolve("train.json"), secret);
        assertThat(confined().allows(hostile)).isFalse();
        // As a hub's cache is laid out: the links stay below the root.
        Path inside = Files.createDirectories(root.resolve("inside"));
        Files.createSymbolicLink(inside.resolve("train.jsonl"), root.resolve("mine/train.jsonl"));
        assertThat(confined().allows(inside)).isTrue();
    }

    @Test
    void aRootMayItselfBeALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("linked"), root);
        Reach reach = Reach.of(Reach.ofTask(Map.of("DUALFORM_MODEL_ROOTS", link.toString())));
        assertThat(reach.allows(link + "/mine")).isTrue();
        assertThat(reach.allows(root + "/mine")).isTrue();
    }

    @Test
    void atAShellEveryPathMayBeNamedAndSoItMayWhereTheWorkersSaySo() {
        assertThat(Reach.of(Map.of()).allows(secret)).isTrue();
        assertThat(Reach.of(Reach.ofTask(Map.of("DUALFORM_PATHS", "any"))).allows(secret))
                .isTrue();
    }

    @Test
    void theRefusalNamesTheRootsAndTheWayOut() {
        assertThat(confined().refusal("rows", "/etc/passwd"))
                .hasMessageStartingWith("rows: '/etc/passwd' is not below")
                .hasMessageContainingAll(root.toString(), "DUALFORM_PATHS=any");
    }

    @Test
    void anotherValueIsAMistakeOfConfiguration() {
        assertThatThrownBy(() -> Reach.of(Map.of("DUALFORM_PATHS", "yes")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining("it is 'yes'");
    }
}
