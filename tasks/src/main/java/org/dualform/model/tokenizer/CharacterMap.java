package org.dualform.model.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;

/**
 * Checks the map of characters of a {@code Precompiled} normalizer, as SentencePiece writes it: the number of bytes of a
 * trie, the trie as a double array of 32-bit words (darts-clone), and the texts that its leaves point to, each ended by a
 * zero byte. The library follows the trie wherever it leads.
 */
final class CharacterMap {
    private final int[] trie;
    private final byte[] texts;

    private CharacterMap(int[] trie, byte[] texts) {
        this.trie = trie;
        this.texts = texts;
    }

    /** The rule that a map in Base64 breaks; empty if it breaks none. */
    static Optional<String> brokenRule(String base64) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException e) {
            return Optional.of("Base64");
        }
        if (bytes.remaining() < Integer.BYTES) return Optional.of("a map of characters");
        int size = bytes.getInt();
        if (size <= 0 || size % Integer.BYTES != 0 || size > bytes.remaining()) {
            return Optional.of("a map of characters whose trie has the " + Integer.toUnsignedString(size)
                    + " bytes that it claims");
        }
        int[] trie = new int[size / Integer.BYTES];
        bytes.asIntBuffer().get(trie);
        byte[] texts = Arrays.copyOfRange(bytes.array(), bytes.position() + size, bytes.limit());
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
        } catch (CharacterCodingException e) {
            return Optional.of("a map of characters whose texts are UTF-8");
        }
        return new CharacterMap(trie, texts).staysInside()
                ? Optional.empty()
                : Optional.of("a map of characters whose trie stays within its " + trie.length + " entries and "
                        + texts.length + " bytes of text");
    }

    /** Whether every walk through the trie stays inside it, and every leaf points to the beginning of a character. */
    private boolean staysInside() {
        BitSet seen = new BitSet(trie.length);
        int[] stack = new int[trie.length];
        int size = 0;
        int root = offset(trie[0]);
        if (root >= trie.length) return false;
        stack[size++] = root;
        seen.set(root);
        while (size > 0) {
            int from = stack[--size];
            for (int label = 1; label < 256; label++) {
                int to = from ^ label;
                if (to >= trie.length) return false;
                int unit = trie[to];
                if ((unit & 0x800000FF) != label) continue;
                int next = to ^ offset(unit);
                if (next < 0 || next >= trie.length) return false;
                if ((unit >>> 8 & 1) == 1 && !begins(trie[next] & 0x7FFFFFFF)) return false;
                if (seen.get(next)) continue;
                seen.set(next);
                stack[size++] = next;
            }
        }
        return true;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private boolean begins(int at) {
        return at == texts.length || (at < texts.length && (texts[at] & 0xC0) != 0x80);
    }
}
