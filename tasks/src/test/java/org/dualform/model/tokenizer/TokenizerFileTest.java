package org.dualform.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFileTest {
    @TempDir
    Path folder;

    private TextTokenizer open(String json) throws Exception {
        return TextTokenizer.open(Tokenizers.folder(folder, json));
    }

    private void refused(String json, String... rules) throws Exception {
        Tokenizers.folder(folder, json);
        var refusal = assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer.json");
        for (String rule : rules) refusal.hasMessageContaining(rule);
    }

    private static String normalized(String normalizer) {
        return Tokenizers.of(normalizer, "null", "null", Tokenizers.bpe(""));
    }

    @Test
    void everyKindOfStepIsRead() throws Exception {
        for (String json : Tokenizers.all()) {
            try (TextTokenizer tokenizer = open(json)) {
                assertThat(tokenizer.encode("ab a")).as(json).isNotEmpty();
                assertThat(tokenizer.decode(tokenizer.encode("ab a"))).as(json).isNotEmpty();
            }
        }
    }

    @Test
    void anOldFileNeedNotNameTheKindOfItsModel() throws Exception {
        String model = Tokenizers.bpe("").replace("\"type\":\"BPE\",", "");
        try (TextTokenizer tokenizer = open(Tokenizers.of("null", "null", "null", model))) {
            assertThat(tokenizer.encode("abab")).containsExactly(5);
        }
    }

    @Test
    void whatIsNoUnicodeIsNamedByItsPlace() throws Exception {
        refused(
                Tokenizers.of("null", "null", "\"\\ud800\"", Tokenizers.bpe("")),
                "\"decoder\" must be an object, but is");
        refused(
                normalized("{\"type\":\"Prepend\",\"prepend\":\"a\\ud800\"}"),
                "\"normalizer.prepend\" must be valid Unicode, but is a text with half of a surrogate pair (U+D800)");
        refused(
                Tokenizers.of("null", "null", "null", Tokenizers.wordLevel().replace("\"ab\"", "\"\\udc00\"")),
                "is not JSON: Unexpected low surrogate in field name");
    }

    @Test
    void aPieceThatWouldOverflowTheStackIsRefused() throws Exception {
        String model = Tokenizers.unigram().replace("[\"ab\",-3]", "[\"%s\",-3]");
        refused(
                Tokenizers.of("null", "null", "null", model.formatted("x".repeat(513))),
                "\"model.vocab[4]\" must be a text of at most 512 bytes, but is one of 513 bytes");
        try (TextTokenizer tokenizer = open(Tokenizers.of("null", "null", "null", model.formatted("x".repeat(512))))) {
            assertThat(tokenizer.encode("x".repeat(512))).containsExactly(4);
        }
    }

    @Test
    void everyMistakeIsNamedAtOnce() throws Exception {
        refused(
                Tokenizers.of(
                        "{\"type\":\"Strip\",\"strip_left\":1,\"strip_right\":true}",
                        "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a+)+\"},\"behavior\":\"Isolated\",\"invert\":0}",
                        "{\"type\":\"Strip\",\"content\":\"a\",\"start\":1,\"stop\":1}",
                        Tokenizers.wordPiece().replace("100", "-1").replace("\"##a\":4", "\"##a\":4294967296")),
                "6 mistakes",
                "\"normalizer.strip_left\" must be true or false, but is 1.",
                "\"pre_tokenizer.pattern.Regex\" must be an expression that repeats no repetition",
                "\"pre_tokenizer.invert\" must be true or false, but is 0.",
                "\"decoder.stop\" must be a whole number from 0 to 0, but is 1.",
                "\"model.max_input_chars_per_word\" must be a whole number from 0 to 10000, but is -1.",
                "\"model.vocab.##a\" must be a whole number from 0 to 16777216, but is 4294967296.");
    }

    @Test
    void aMapOfCharactersThatLeadsOutsideIsRefused() throws Exception {
        String step = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"%s\"}";
        try (TextTokenizer tokenizer = open(normalized(step.formatted(Tokenizers.characterMap())))) {
            assertThat(tokenizer.encode("Ab")).containsExactly(4);
        }
        byte[] map = Base64.getDecoder().decode(Tokenizers.characterMap());
        for (int unit : new int[] {0, 256 ^ 'A', 'A'}) {
            byte[] broken = map.clone();
            broken[4 + 4 * unit + 2] |= 0x7f; // the offset of a node, or the text that a leaf points to
            refused(
                    normalized(step.formatted(Base64.getEncoder().encodeToString(broken))),
                    "\"normalizer.precompiled_charsmap\" must be a map of characters whose trie stays within its 512");
        }
        byte[] longer = ByteBuffer.wrap(map.clone()).put(1, (byte) 0x7f).array();
        refused(normalized(step.formatted(Base64.getEncoder().encodeToString(longer))), "bytes that it claims");
        refused(normalized(step.formatted("AAAA=A")), "must be Base64");
        refused(
                normalized("{\"type\":\"Precompiled\"}"),
                "\"normalizer.precompiled_charsmap\" must be a text, but is missing");
    }

    @Test
    void anAddedTokenOfWhichTheNormalizerLeavesNothingIsRefused() throws Exception {
        String strip = normalized("{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}");
        refused(
                strip.replace("\"content\":\"<x>\"", "\"content\":\" \""),
                "\"added_tokens[1].content\" must be a text of which the normalizer leaves something");
        String delete = normalized("{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"<.>\"},\"content\":\"\"}");
        refused(delete, "\"added_tokens[1].content\" must be a text of which the normalizer leaves something");
        try (TextTokenizer tokenizer = open(normalized("null").replace("\"content\":\"<x>\"", "\"content\":\" \""))) {
            assertThat(tokenizer.encode("a b")).hasSize(3);
        }
    }

    @Test
    void dropoutOfTrainingDoesNotAct() throws Exception {
        String json = Tokenizers.of("null", "null", "null", Tokenizers.bpe("\"dropout\":0.9,"));
        try (TextTokenizer tokenizer = open(json)) {
            for (int i = 1; i < 20; i++)
                assertThat(tokenizer.encode("abab".repeat(i))).hasSize(i).containsOnly(5);
        }
    }

    @Test
    void truncationAndPaddingDoNotAct() throws Exception {
        String json = Tokenizers.of("null", "null", "null", Tokenizers.bpe(""))
                .replace(
                        "\"truncation\":null,\"padding\":null",
                        "\"truncation\":{\"direction\":\"Left\",\"max_length\":2,\"strategy\":\"LongestFirst\","
                                + "\"stride\":0},\"padding\":{\"strategy\":{\"Fixed\":8},\"direction\":\"Right\","
                                + "\"pad_to_multiple_of\":null,\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<s>\"}");
        try (TextTokenizer tokenizer = open(json)) {
            assertThat(tokenizer.encode("abababab" + "a".repeat(3))).containsExactly(5, 5, 2, 2, 2);
        }
    }

    @Test
    void samplingOfUnigramDoesNotAct() throws Exception {
        String sampling = Tokenizers.unigram().replace("\"unk_id\"", "\"alpha\":0.1,\"nbest_size\":-1,\"unk_id\"");
        try (TextTokenizer tokenizer = open(Tokenizers.of("null", "null", "null", sampling))) {
            for (int i = 0; i < 20; i++) assertThat(tokenizer.encode("abab")).containsExactly(4, 4);
        }
    }

    @Test
    void specialTokensOfAPostProcessorAreNotAdded() throws Exception {
        String json = Tokenizers.of("null", "null", "null", Tokenizers.bpe(""))
                .replace(
                        "\"post_processor\":null",
                        "\"post_processor\":{\"type\":\"RobertaProcessing\",\"sep\":[\"<s>\",0],"
                                + "\"cls\":[\"<s>\",0],\"trim_offsets\":true,\"add_prefix_space\":true}");
        try (TextTokenizer tokenizer = open(json)) {
            assertThat(tokenizer.encode("ab")).containsExactly(4);
        }
    }

    @Test
    void aTextThatIsNoUnicodeIsRefused() throws Exception {
        try (TextTokenizer tokenizer = open(Tokenizers.all().get(0))) {
            assertThatThrownBy(() -> tokenizer.encode("ab \ud83d cd"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("'ab ' has half of a surrogate pair (U+D83D, character 4)");
            assertThat(tokenizer.encode("a\0👍")).isNotEmpty();
        }
    }

    @Test
    void aTextThatTheTokenizerCannotEncodeIsAMistake() throws Exception {
        String json = Tokenizers.of("null", "null", "null", Tokenizers.unigram().replace("\"unk_id\":1,", ""));
        try (TextTokenizer tokenizer = open(json)) {
            assertThatThrownBy(() -> tokenizer.encode("xyz"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("cannot encode 'xyz'");
        }
    }

    @Test
    void anOrdinaryFileOfJunkIsToldSo() throws Exception {
        Tokenizers.folder(folder, "{}");
        Files.write(folder.resolve("tokenizer.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is not JSON");
    }
}
