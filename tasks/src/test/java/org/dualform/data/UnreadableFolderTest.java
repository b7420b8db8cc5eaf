package org.dualform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.UserException;
import org.dualform.task.source.ModelFolders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder that cannot be read hides no other one of its root. */
@DisabledOnOs(OS.WINDOWS)
class UnreadableFolderTest {
    @TempDir
    Path top;

    private Path root;
    private Path unreadable;

    @BeforeEach
    void aRoot() throws IOException {
        root = Files.createDirectories(top.resolve("root"));
        Files.writeString(Files.createDirectory(root.resolve("mails")).resolve("train.csv"), "text,label\n");
        Files.writeString(Files.createDirectory(root.resolve("gpt")).resolve("config.json"), "{}");
        unreadable = UnreadableFolder.in(root, top);
    }

    private String refusal(Runnable action) {
        Throwable refusal = UnreadableFolder.asNobody(() -> catchThrowable(action::run));
        assertThat(refusal).isInstanceOf(UserException.class);
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void dataSetsBesideItAreFoundAndItIsNamed() {
        DatasetLocator locator = new DatasetLocator(List.of(root), List.of(), top.resolve("home"));
        assertThat(UnreadableFolder.asNobody(locator::named))
                .containsExactly(new DatasetLocator.Named("mails", Optional.of(root.resolve("mails"))));
        assertThat(refusal(() -> locator.locate("mail")))
                .contains("did you mean mails")
                .endsWith(" Not looked at, because unreadable: " + unreadable + " (permission denied).");
        assertThat(refusal(() -> locator.locate(unreadable.toString())))
                .isEqualTo("The folder " + unreadable + " cannot be read: permission denied.");
    }

    @Test
    void modelsBesideItAreFoundAndItIsNamed() {
        ModelFolders models = ModelFolders.fromEnvironment(Map.of("DUALFORM_MODEL_ROOTS", root.toString()));
        String unknown = UnreadableFolder.asNobody(
                () -> String.valueOf(models.unknown("gpp").getMessage()));
        assertThat(unknown)
                .contains("did you mean gpt")
                .endsWith(" Not looked at, because unreadable: " + unreadable + " (permission denied).");
        assertThat(refusal(() -> models.find(unreadable.toString())))
                .isEqualTo("The folder " + unreadable + " cannot be read: permission denied.");
    }

    @Test
    void aRootThatCannotBeListedHidesNoOtherRoot() {
        DatasetLocator locator = new DatasetLocator(List.of(unreadable, root), List.of(), top.resolve("home"));
        assertThat(UnreadableFolder.asNobody(locator::named))
                .extracting(DatasetLocator.Named::name)
                .containsExactly("mails");
    }
}
