package org.dualform.hub.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.data.UnreadableFolder;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
    @TempDir
    Path top;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anUnreadableFolderOfASnapshotIsAnErrorOfTheDisk() throws Exception {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        HubName name = HubName.parse(RepoKind.DATASET, "acme/tiny@" + commit).orElseThrow();
        HubCache cache = new HubCache(top);
        Path snapshot = Files.createDirectories(cache.snapshot(name, commit));
        UnreadableFolder.in(snapshot, top);
        Throwable failure = UnreadableFolder.asNobody(() -> catchThrowable(() -> cache.cached(name)));
        assertThat(failure).isInstanceOf(AccessDeniedException.class);
        assertThat(Storage.of(top).explain((AccessDeniedException) failure)).hasMessageContaining("lost+found");
    }
}
