package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges that stand for the scores of a SentencePiece vocabulary: each way to make a piece of two others, the pieces of
 * the highest score first. SentencePiece merges the neighbours that make the piece of the highest score.
 */
final class SentencePieceMerges {
    /** No text that is a piece is longer; a longer one would take its square in time. */
    private static final int LONGEST_PIECE = 512;

    private record Merge(String left, String right, float score) {}

    private SentencePieceMerges() {}

    /** @return a list of pairs, as in a tokenizer.json */
    static ArrayNode of(List<String> pieces, float[] scores) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) ids.put(pieces.get(id), id);
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.get(id);
            if (piece.length() > LONGEST_PIECE || ids.getOrDefault(piece, -1) != id) continue;
            add(merges, piece, scores[id], ids);
        }
        // Of equal scores, the longer left part comes first, as in transformers.
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(merge -> characters(merge.left))
                .thenComparingInt(merge -> characters(merge.right))
                .reversed());
        ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
        for (Merge merge : merges) pairs.addArray().add(merge.left).add(merge.right);
        return pairs;
    }

    private static void add(List<Merge> merges, String piece, float score, Map<String, Integer> ids) {
        List<Merge> own = new ArrayList<>();
        for (int i = 1; i < piece.length(); i++) {
            if (Character.isLowSurrogate(piece.charAt(i))) continue;
            String left = piece.substring(0, i);
            String right = piece.substring(i);
            if (ids.containsKey(left) && ids.containsKey(right)) own.add(new Merge(left, right, score));
        }
        own.sort(Comparator.<Merge>comparingInt(merge -> ids.getOrDefault(merge.left, 0))
                .thenComparingInt(merge -> ids.getOrDefault(merge.right, 0)));
        merges.addAll(own);
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
