package org.dualform.dev.pack.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseTest {
    @Test
    void anArchiveOrTheNameOfAnImageIsABase(@TempDir Path folder) throws IOException {
        Path archive = Files.createFile(folder.resolve("ubi.tar"));
        assertThat(Base.parse(archive.toString())).isEqualTo(new Base("ubi.tar", "tar://" + archive));
        assertThat(Base.parse("docker://debian:12-slim").reference()).isEqualTo("registry://debian:12-slim");
        assertThat(Base.parse("")).isEqualTo(Base.OWN);
    }

    @Test
    void whatIsNeitherIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> Base.parse("/no/such.tar"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("/no/such.tar")
                .hasMessageContaining("docker://NAME");
        assertThatThrownBy(() -> Base.parse("https://example.org/base.tar"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("neither a file nor docker://NAME");
        assertThatThrownBy(() -> Base.parse("docker://Not A Name"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Not A Name is not the name of an image");
    }
}
