package org.dualform.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.dualform.model.Assets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {
    @Test
    void llamaPutsASpaceBeforeEveryPieceByItself() {
        try (TextTokenizer tokenizer = TextTokenizer.open(Assets.at("models/stories15M"))) {
            assertThat(tokenizer.encode("Negative")).containsExactly(12610, 1230);
            assertThat(tokenizer.prependsSpace()).isTrue();
            assertThat(tokenizer.bos()).isEqualTo(1);
            assertThat(tokenizer.eos()).isEqualTo(2);
            assertThat(tokenizer.vocabularySize()).isEqualTo(32000);
            assertThat(tokenizer.decode(12610, 1230)).contains("Negative");
        }
    }

    @Test
    void gpt2NeedsTheSpaceAndHasOneSpecialToken() {
        try (TextTokenizer tokenizer = TextTokenizer.open(Assets.at("models/gpt2-tokenizer"))) {
            assertThat(tokenizer.encode(" Negative")).containsExactly(36183);
            assertThat(tokenizer.prependsSpace()).isFalse();
            assertThat(tokenizer.bos()).isEqualTo(50256);
            assertThat(tokenizer.eos()).isEqualTo(50256);
            assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
        }
    }

    @Test
    void longTextsAreNotCut() {
        try (TextTokenizer tokenizer = TextTokenizer.open(Assets.at("models/gpt2-tokenizer"))) {
            assertThat(tokenizer.encode(" word".repeat(3000))).hasSize(3000);
        }
    }

    @Test
    void whatIsNoTokenizerIsToldSo(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> TextTokenizer.open(folder)).isInstanceOf(UserException.class);
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {}}}");
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 0}");
        assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "\"model.type\" must be one of BPE, Unigram, WordLevel, WordPiece, but is \"Nonsense\"");
    }
}
