package org.dualform.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    private final Vocabulary vocabulary = new Vocabulary(Lexicon.builtIn());

    @TempDir
    Path folder;

    @Test
    void theTokenizersLibraryReadsThemAndSplitsAtWhiteSpace() throws IOException {
        new TokenizerFiles(vocabulary).write(folder, 512);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            Encoding prompt = tokenizer.encode("Sentence: the happy  dog yesterday Label:", false, false);
            assertThat(prompt.getTokens())
                    .containsExactly(Vocabulary.SENTENCE, "the", "happy", "dog", "yesterday", Vocabulary.LABEL);
            assertThat(tokenizer.encode(" animal", false, false).getIds()).containsExactly(vocabulary.id("animal"));
            assertThat(tokenizer.encode("<bos> zzz <eos>", false, false).getTokens())
                    .containsExactly(Vocabulary.BOS, Vocabulary.UNKNOWN, Vocabulary.EOS);
        }
    }
}
