package org.dualform.pretrain.tokens;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.base.FileFailure;
import org.dualform.base.Sha256;
import org.dualform.contract.UserException;
import org.dualform.model.tokenizer.TextTokenizer;

/** The texts of a folder, in the order of their paths, and how each becomes tokens. */
final class TextFiles {
    private static final List<String> ENDINGS = List.of(".txt", ".md");
    /** Tokenizers take time that grows faster than the text, so long texts are encoded in pieces of whole lines. */
    private static final int PIECE = 1 << 16;

    private final Path folder;
    private final List<Path> files;

    /** @throws UserException if there is no folder, or no text in it */
    TextFiles(Path folder) {
        this.folder = folder;
        if (!Files.isDirectory(folder)) throw UserException.data("text.folder: there is no folder " + folder + ".");
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw UserException.data("The folder " + folder + " cannot be read: " + FileFailure.reason(e) + ".", e);
        }
        if (files.isEmpty()) {
            throw UserException.data(
                    "text.folder: in " + folder + " no file ends in " + String.join(" or ", ENDINGS) + ".");
        }
    }

    List<Path> files() {
        return files;
    }

    /** A hash of all texts, of their names, and of the tokenizer. */
    String hash(Path tokenizer) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        for (Path file : files) {
            String line = folder.relativize(file) + " " + Sha256.hex(file) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        digest.update(Sha256.hex(tokenizer.resolve("tokenizer.json")).getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }

    /** The tokens of one text, between BOS and EOS. */
    static IntStream tokens(Path file, TextTokenizer tokenizer) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            throw UserException.data("The text " + file + " is not UTF-8: convert it, or remove it.", e);
        }
        IntStream inside = pieces(text).flatMapToInt(piece -> Arrays.stream(tokenizer.encode(piece)));
        return IntStream.concat(IntStream.concat(IntStream.of(tokenizer.bos()), inside), IntStream.of(tokenizer.eos()));
    }

    /** Cuts a text after line breaks. */
    private static Stream<String> pieces(String text) {
        Stream.Builder<String> pieces = Stream.builder();
        int from = 0;
        while (from < text.length()) {
            int end = from + PIECE >= text.length() ? text.length() : text.indexOf('\n', from + PIECE) + 1;
            if (end <= 0) end = text.length();
            pieces.add(text.substring(from, end));
            from = end;
        }
        return pieces.build();
    }
}
