package org.dualform.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    @TempDir
    private Path folder;

    @Test
    void contentsAndNamesCountAndCachesOfToolsDoNot() throws IOException {
        Files.writeString(folder.resolve("a.py"), "1");
        String first = hash();
        Files.createDirectories(folder.resolve("__pycache__"));
        Files.writeString(folder.resolve("__pycache__/a.pyc"), "compiled");
        assertThat(hash()).isEqualTo(first);
        Files.move(folder.resolve("a.py"), folder.resolve("b.py"));
        String renamed = hash();
        Files.writeString(folder.resolve("b.py"), "2");
        assertThat(hash()).isNotEqualTo(renamed).isNotEqualTo(first);
        assertThat(renamed).isNotEqualTo(first);
    }

    @Test
    void textsAreKeptApart() {
        assertThat(new Fingerprint().text("ab").text("c").hex())
                .isNotEqualTo(new Fingerprint().text("a").text("bc").hex());
    }

    @Test
    void aStampMatchesOnlyWhatItWasWrittenFor() {
        Path file = folder.resolve("stamp");
        assertThat(new Stamp(file, "x").matches()).isFalse();
        new Stamp(file, "x").write();
        assertThat(new Stamp(file, "x").matches()).isTrue();
        assertThat(new Stamp(file, "y").matches()).isFalse();
    }

    private String hash() {
        return new Fingerprint().files(folder).hex();
    }
}
