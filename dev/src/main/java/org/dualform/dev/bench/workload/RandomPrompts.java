package org.dualform.dev.bench.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/** Prompts of random tokens with two labels of one token each. Equal arguments give equal prompts. */
public final class RandomPrompts {
    private static final int SEED = 20_231_219;
    private static final int POSITIONS = 1024;

    private RandomPrompts() {}

    /**
     * Makes one context of demonstrations of {@code shortest} to {@code longest} tokens, and queries of 21 to 29
     * tokens.
     */
    public static PromptSet of(ModelShape shape, int demonstrations, int shortest, int longest, int queries) {
        return of(shape.vocabulary(), demonstrations, shortest, longest, queries);
    }

    /** As above, for a vocabulary of that many tokens. */
    public static PromptSet of(int vocabulary, int demonstrations, int shortest, int longest, int queries) {
        Random random = new Random(SEED);
        int end = vocabulary - 1;
        TokenIds context = TokenIds.of(end);
        List<Integer> boundaries = new ArrayList<>(List.of(1));
        List<PromptSet.Demonstration> made = new ArrayList<>();
        for (int i = 0; i < demonstrations; i++) {
            TokenIds ids = ids(random, end, shortest + random.nextInt(longest - shortest + 1));
            context = context.then(ids).then(end);
            boundaries.add(context.length());
            made.add(new PromptSet.Demonstration(
                    "train:" + i, "", 0, TokenIds.of(end).then(ids), 1));
        }
        List<PromptSet.Query> rows = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            rows.add(new PromptSet.Query("validation:" + i, "", 0, ids(random, end, 21 + random.nextInt(9))));
        }
        return new PromptSet(
                new PromptSet.TemplateUse("random", 1, "", false),
                end,
                end,
                POSITIONS,
                0,
                31,
                List.of(
                        new PromptSet.Label("a", "a", TokenIds.of(100)),
                        new PromptSet.Label("b", "b", TokenIds.of(200))),
                context,
                boundaries,
                List.of(),
                made,
                rows,
                List.of());
    }

    /** Makes {@code count} random tokens. */
    public static TokenIds tokens(ModelShape shape, int count) {
        return tokens(shape.vocabulary(), count);
    }

    /** As above, for a vocabulary of that many tokens. */
    public static TokenIds tokens(int vocabulary, int count) {
        return ids(new Random(SEED + 1), vocabulary - 1, count);
    }

    private static TokenIds ids(Random random, int end, int count) {
        return TokenIds.of(random.ints(count, 0, end).toArray());
    }
}
