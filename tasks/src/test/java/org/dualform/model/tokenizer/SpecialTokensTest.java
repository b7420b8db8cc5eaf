package org.dualform.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialTokensTest {
    @TempDir
    Path folder;

    /** A Unigram tokenizer whose special tokens stand in its vocabulary alone, beside a config.json of other ids. */
    @BeforeEach
    void makeFolder() throws Exception {
        Tokenizers.folder(
                folder,
                "{\"version\":\"1.0\",\"added_tokens\":[],\"normalizer\":null,\"pre_tokenizer\":null,\"decoder\":null,"
                        + "\"model\":" + Tokenizers.unigram() + "}");
        Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\":5,\"eos_token_id\":6}");
    }

    private void names(String bos, String eos) throws Exception {
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"bos_token\":" + bos + ",\"eos_token\":" + eos + "}");
    }

    @Test
    void thoseOfAUnigramVocabularyAreFound() throws Exception {
        names("\"<s>\"", "{\"content\":\"<x>\"}");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            assertThat(tokenizer.bos()).isEqualTo(0);
            assertThat(tokenizer.eos()).isEqualTo(1);
        }
    }

    @Test
    void withoutNamesThoseOfTheModelAreTaken() throws Exception {
        names("null", "null");
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            assertThat(tokenizer.bos()).isEqualTo(5);
            assertThat(tokenizer.eos()).isEqualTo(6);
        }
    }

    @Test
    void aNameThatNoTokenHasIsRefused() throws Exception {
        names("\"<bos>\"", "\"<x>\"");
        assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"bos_token\" is \"<bos>\", but tokenizer.json has no such token");
    }
}
