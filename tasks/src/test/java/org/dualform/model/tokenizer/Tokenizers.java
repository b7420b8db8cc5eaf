package org.dualform.model.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Small tokenizers for tests: one of each model, which have every kind of step among them. */
final class Tokenizers {
    private static final String SPECIAL =
            "\"single_word\":false,\"lstrip\":true,\"rstrip\":true,\"normalized\":false,\"special\":true}";

    private Tokenizers() {}

    /** Writes a folder with a tokenizer whose EOS is token 0. */
    static Path folder(Path folder, String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 0}");
        Files.writeString(folder.resolve("tokenizer.json"), json);
        return folder;
    }

    static String of(String normalizer, String preTokenizer, String decoder, String model) {
        return ("{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":["
                        + "{\"id\":0,\"content\":\"<s>\"," + SPECIAL + ",{\"id\":1,\"content\":\"<x>\","
                        + SPECIAL.replace(
                                "\"normalized\":false,\"special\":true", "\"normalized\":true,\"special\":false")
                        + "],\"normalizer\":%s,\"pre_tokenizer\":%s,\"post_processor\":null,\"decoder\":%s,\"model\":%s}")
                .formatted(normalizer, preTokenizer, decoder, model);
    }

    static String bpe(String extra) {
        return "{\"type\":\"BPE\"," + extra + "\"unk_token\":\"<x>\",\"continuing_subword_prefix\":null,"
                + "\"end_of_word_suffix\":null,\"fuse_unk\":true,\"byte_fallback\":true,\"ignore_merges\":false,"
                + "\"vocab\":{\"<s>\":0,\"<x>\":1,\"a\":2,\"b\":3,\"ab\":4,\"abab\":5,\"Ġ\":6,\"▁\":7},"
                + "\"merges\":[\"a b\",\"ab ab\"]}";
    }

    static String unigram() {
        return "{\"type\":\"Unigram\",\"unk_id\":1,\"byte_fallback\":false,\"vocab\":[[\"<s>\",0],[\"<x>\",-1.5],"
                + "[\"a\",-2.0],[\"b\",-2.5],[\"ab\",-3],[\"▁\",-2],[\"▁a\",-2.25]]}";
    }

    static String wordPiece() {
        return "{\"type\":\"WordPiece\",\"unk_token\":\"<x>\",\"continuing_subword_prefix\":\"##\","
                + "\"max_input_chars_per_word\":100,\"vocab\":{\"<s>\":0,\"<x>\":1,\"a\":2,\"##b\":3,\"##a\":4}}";
    }

    static String wordLevel() {
        return "{\"type\":\"WordLevel\",\"unk_token\":\"<x>\",\"vocab\":{\"<s>\":0,\"<x>\":1,\"a\":2,\"ab\":3}}";
    }

    /** A map that makes A an a: a root, one node and one leaf. */
    static String characterMap() {
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * 512 + 2).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(0, 4 * 512);
        map.putInt(4, 256 << 10);
        map.putInt(4 + 4 * (256 ^ 'A'), 256 << 10 | 1 << 8 | 'A');
        map.putInt(4 + 4 * 'A', 0x80000000);
        map.put(4 + 4 * 512, "a\0".getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(map.array());
    }

    static List<String> all() {
        String bytes = "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}";
        String replaced = "{\"type\":\"Replace\",\"pattern\":{\"String\":\"▁\"},\"content\":\" \"}";
        return List.of(
                of("{\"type\":\"NFC\"}", bytes, bytes, bpe("\"dropout\":0.1,")),
                of(
                        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"▁\"},"
                                + "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"},"
                                + "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(?i:b{2,3})|\\\\s+(?!\\\\S)\"},"
                                + "\"content\":\"b\"}]}",
                        "null",
                        "{\"type\":\"Sequence\",\"decoders\":[" + replaced + ",{\"type\":\"ByteFallback\"},"
                                + "{\"type\":\"Fuse\"},{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0},"
                                + "{\"type\":\"CTC\",\"pad_token\":\"<p>\",\"word_delimiter_token\":\"|\","
                                + "\"cleanup\":true},{\"type\":\"BPEDecoder\",\"suffix\":\"</w>\"}]}",
                        bpe("")),
                of(
                        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Precompiled\",\"precompiled_charsmap\":\""
                                + characterMap() + "\"},{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true},"
                                + "{\"type\":\"Nmt\"}]}",
                        "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"first\",\"split\":false}",
                        "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"always\",\"split\":true}",
                        unigram()),
                of(
                        "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
                                + "\"strip_accents\":null,\"lowercase\":true}",
                        "{\"type\":\"BertPreTokenizer\"}",
                        "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
                        wordPiece()),
                of(
                        "{\"type\":\"Lowercase\"}",
                        "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},"
                                + "{\"type\":\"Punctuation\",\"behavior\":\"Isolated\"},"
                                + "{\"type\":\"Digits\",\"individual_digits\":true},{\"type\":\"UnicodeScripts\"},"
                                + "{\"type\":\"FixedLength\",\"length\":3},"
                                + "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"x\"},"
                                + "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a+\"},"
                                + "\"behavior\":\"MergedWithNext\",\"invert\":false}]}",
                        "null",
                        wordLevel()));
    }
}
