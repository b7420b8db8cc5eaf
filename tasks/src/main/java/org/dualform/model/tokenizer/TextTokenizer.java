package org.dualform.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;
import org.dualform.gguf.GgufParts;
import org.dualform.model.gguf.GgufModel;

/** The tokenizer of a model folder: its tokenizer.json. Safe for use by several threads. */
public final class TextTokenizer implements AutoCloseable {
    private static final Map<String, String> AS_IS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    private static final int SHOWN = 60;

    private final Path file;
    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens special;
    private final boolean prependsSpace;
    private final int vocabularySize;

    private TextTokenizer(Path file, TokenizerFile read, HuggingFaceTokenizer tokenizer, SpecialTokens special) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.special = special;
        this.prependsSpace = read.prependsSpace();
        this.vocabularySize = read.largestId() + 1;
    }

    /**
     * Reads the tokenizer.json of a folder, or the vocabulary in a GGUF file, whose metadata name BOS and EOS. In a folder, BOS and EOS are those of tokenizer_config.json, else those of config.json,
     * else the tokenizer's own {@code <|endoftext|>}. If there is an EOS but no BOS, sequences begin with the EOS.
     *
     * @throws UserException naming every value that is wrong
     */
    public static TextTokenizer open(Path folder) {
        if (GgufParts.isFile(folder)) return inGguf(folder);
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw UserException.data("The model folder " + folder + " has no tokenizer.json. Save the model's fast"
                    + " tokenizer there (AutoTokenizer.from_pretrained(…).save_pretrained).");
        }
        try {
            TokenizerFile read = TokenizerFile.read(file);
            SpecialTokens special = SpecialTokens.of(folder, read);
            return new TextTokenizer(file, read, made(file, read), special);
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static TextTokenizer inGguf(Path file) {
        GgufFile gguf = GgufFile.open(file);
        try {
            TokenizerFile read = TokenizerFile.of(file, GgufModel.tokenizer(gguf));
            return new TextTokenizer(file, read, made(file, read), SpecialTokens.of(gguf, read));
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static HuggingFaceTokenizer made(Path file, TokenizerFile read) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(read.json()), AS_IS);
        } catch (RuntimeException e) {
            throw UserException.data("The file " + file + " is not a tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * The token ids of a text, without special tokens.
     *
     * @throws UserException if the text is not valid Unicode, or the tokenizer has no token for a part of it
     */
    public int[] encode(String text) {
        requireUnicode(text);
        long[] ids;
        try {
            ids = tokenizer.encode(text, false, false).getIds();
        } catch (RuntimeException e) {
            throw UserException.data(
                    "The tokenizer " + file + " cannot encode " + shown(text) + ": " + e.getMessage(), e);
        }
        int[] out = new int[ids.length];
        for (int i = 0; i < ids.length; i++) out[i] = Math.toIntExact(ids[i]);
        return out;
    }

    private static void requireUnicode(String text) {
        Unicode.loneSurrogate(text).ifPresent(at -> {
            throw UserException.data(String.format(
                    "The text %s has half of a surrogate pair (U+%04X, character %d): it is not valid Unicode, and no"
                            + " tokenizer can encode it. Correct or remove the row.",
                    shown(text.substring(0, at)), (int) text.charAt(at), at + 1));
        });
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? "'" + text + "'" : "'" + text.substring(0, SHOWN) + "…'";
    }

    /** The text of token ids, special tokens included. */
    public String decode(int... ids) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) wide[i] = ids[i];
        try {
            return tokenizer.decode(wide, false);
        } catch (RuntimeException e) {
            throw UserException.data("The tokenizer " + file + " cannot decode tokens: " + e.getMessage(), e);
        }
    }

    /** The id of the token that begins a text. */
    public int bos() {
        return special.bos();
    }

    /** The id of the token that ends a text. */
    public int eos() {
        return special.eos();
    }

    /**
     * Whether the tokenizer itself puts a space before every text, so that {@code " word"} would begin with two spaces.
     */
    public boolean prependsSpace() {
        return prependsSpace;
    }

    /** The largest id plus 1. If it exceeds the model's vocabulary, tokenizer and model do not belong together. */
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
