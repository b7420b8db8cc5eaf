package org.dualform.pretrain.tokens;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import org.dualform.base.SplitMix64;
import org.dualform.contract.UserException;
import org.dualform.data.synthetic.corpus.Document;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.safetensors.NewTensor;
import org.dualform.safetensors.SafetensorsWriter;
import org.dualform.safetensors.StoredType;

/**
 * A folder of texts as tokens, all in one row: each text between BOS and EOS. A document is a window of that row at a
 * random place. The last share of the row is held out.
 */
public final class TextTokens implements TokenSource {
    /** The tokenizer's files that a model's folder has. */
    private static final List<String> TOKENIZER = List.of("tokenizer.json", "tokenizer_config.json");
    /** Tokens that are written at a time. */
    private static final int CHUNK = 1 << 16;

    private final TokenFile tokens;
    private final Path tokenizer;
    private final int vocabulary;
    private final int bos;
    private final int eos;
    private final long trained;
    private final long seed;

    private TextTokens(TokenFile tokens, Path folder, TextTokenizer tokenizer, long trained, long seed) {
        this.tokens = tokens;
        this.tokenizer = folder;
        this.vocabulary = tokenizer.vocabularySize();
        this.bos = tokenizer.bos();
        this.eos = tokenizer.eos();
        this.trained = trained;
        this.seed = seed;
    }

    /**
     * Opens the packed tokens, or packs the texts first.
     *
     * @param packed the file of tokens; one that was made of other texts or by another tokenizer is made anew
     * @param longest the length of the longest document
     * @throws UserException if the texts are too short for it
     */
    public static TextTokens open(Recipe.Text text, Path packed, long seed, int longest) throws IOException {
        TextFiles files = new TextFiles(text.folder());
        try (TextTokenizer tokenizer = TextTokenizer.open(text.tokenizer())) {
            String source = files.hash(text.tokenizer());
            if (!Files.exists(packed) || !TokenFile.source(packed).equals(source)) {
                pack(files, tokenizer, source, packed);
            }
            TokenFile tokens = TokenFile.map(packed);
            long trained = (long) (tokens.size() * (1 - text.heldOut()));
            long least = Math.min(trained, text.heldOut() == 0 ? trained : tokens.size() - trained);
            if (least < longest) {
                throw UserException.data(
                        "The texts of " + text.folder() + " have " + tokens.size() + " tokens, of which "
                                + (tokens.size() - trained) + " are held out: either part has to have a document of "
                                + longest + ". Add texts, or take shorter phases.");
            }
            return new TextTokens(tokens, text.tokenizer(), tokenizer, trained, seed);
        }
    }

    /** A hash of what the texts and the tokenizer contain. */
    public static String hash(Recipe.Text text) throws IOException {
        return new TextFiles(text.folder()).hash(text.tokenizer());
    }

    /** Packs the texts, once to count and once to write: no more than one text is in memory. */
    private static void pack(TextFiles files, TextTokenizer tokenizer, String source, Path packed) throws IOException {
        long count = 0;
        for (Path file : files.files())
            count += TextFiles.tokens(file, tokenizer).count();
        Path part = packed.resolveSibling(packed.getFileName() + ".part");
        NewTensor tensor = NewTensor.of(TokenFile.TENSOR, StoredType.I32, count);
        try {
            try (SafetensorsWriter writer =
                    SafetensorsWriter.create(part, Map.of(TokenFile.SOURCE, source), List.of(tensor))) {
                long at = 0;
                for (Path file : files.files())
                    at = write(writer, at, TextFiles.tokens(file, tokenizer).iterator());
            }
            Files.move(part, packed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long write(SafetensorsWriter writer, long from, PrimitiveIterator.OfInt tokens) {
        long at = from;
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (tokens.hasNext()) {
            buffer.clear();
            while (tokens.hasNext() && buffer.hasRemaining()) buffer.putInt(tokens.nextInt());
            int count = buffer.position() / Integer.BYTES;
            writer.write(TokenFile.TENSOR, at, StoredType.I32, buffer.flip());
            at += count;
        }
        return at;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int bos() {
        return bos;
    }

    @Override
    public int eos() {
        return eos;
    }

    @Override
    public Document document(long index, double progress, int length) {
        long places = trained - length + 1;
        return window((long) (SplitMix64.stream(seed, index).nextDouble() * places), length);
    }

    /** Windows at equal distances. */
    @Override
    public Document heldOut(int index, int of, int length) {
        long places = tokens.size() - trained - length;
        return window(trained + (of == 1 ? 0 : places * index / (of - 1)), length);
    }

    private Document window(long from, int length) {
        int[] ids = new int[length];
        float[] weights = new float[length];
        Arrays.fill(weights, 1, length, 1f);
        for (int i = 0; i < length; i++) ids[i] = tokens.at(from + i);
        return new Document(ids, weights);
    }

    @Override
    public void writeTokenizer(Path folder, int positions) throws IOException {
        for (String file : TOKENIZER) {
            Path from = tokenizer.resolve(file);
            if (Files.exists(from)) {
                Files.copy(from, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
