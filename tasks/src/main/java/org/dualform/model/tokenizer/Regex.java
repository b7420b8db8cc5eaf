package org.dualform.model.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the regular expressions of a tokenizer.json. The library ends the process if a search takes too many steps, so
 * expressions that can take exponentially many are refused.
 */
final class Regex {
    private static final int DEEPEST = 50;
    private static final int MOST_REPEATS = 1000;

    private final String text;
    /** For each open group, whether anything in it is repeated without bound. */
    private final Deque<Boolean> repeats = new ArrayDeque<>();

    private boolean repeatsHere;
    private boolean lastRepeats;
    private int at;

    private Regex(String text) {
        this.text = text;
    }

    /** The rule that an expression breaks; empty if it breaks none. Whether it can be read is for the library to say. */
    static Optional<String> brokenRule(String expression) {
        return Optional.ofNullable(new Regex(expression).check());
    }

    private @Nullable String check() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '\\' -> {
                    char next = at < text.length() ? text.charAt(at++) : ' ';
                    if (next == 'g' || next == 'k' || (next >= '1' && next <= '9')) {
                        return "an expression without references to its own groups";
                    }
                    lastRepeats = false;
                }
                case '[' -> {
                    skipClass();
                    lastRepeats = false;
                }
                case '(' -> {
                    if (text.startsWith("?{", at) || text.startsWith("?~", at) || text.startsWith("*", at)) {
                        return "an expression without calls and absent groups";
                    }
                    repeats.push(repeatsHere);
                    if (repeats.size() > DEEPEST) return "an expression with at most " + DEEPEST + " nested groups";
                    repeatsHere = false;
                }
                case ')' -> {
                    lastRepeats = repeatsHere;
                    boolean outer = !repeats.isEmpty() && repeats.pop();
                    repeatsHere |= outer;
                }
                case '*', '+' -> {
                    if (lastRepeats) return "an expression that repeats no repetition";
                    repeated();
                }
                case '{' -> {
                    String rule = counted();
                    if (rule != null) return rule;
                }
                default -> lastRepeats = false;
            }
        }
        return null;
    }

    /** After an unbounded repetition. A following ? or + says how it is searched. */
    private void repeated() {
        if (at < text.length() && (text.charAt(at) == '?' || text.charAt(at) == '+')) at++;
        repeatsHere = true;
        lastRepeats = true;
    }

    private @Nullable String counted() {
        int end = text.indexOf('}', at);
        if (end < 0 || !text.substring(at, end).matches("[0-9]*,?[0-9]*")) {
            lastRepeats = false;
            return null;
        }
        String[] counts = text.substring(at, end).split(",", -1);
        at = end + 1;
        for (String count : counts) {
            if (count.length() > 4 || (!count.isEmpty() && Integer.parseInt(count) > MOST_REPEATS)) {
                return "an expression that repeats nothing more than " + MOST_REPEATS + " times";
            }
        }
        if (lastRepeats) return "an expression that repeats no repetition";
        repeated();
        return null;
    }

    /** Skips a class of characters, which may hold others. */
    private void skipClass() {
        int open = 1;
        if (text.startsWith("^", at)) at++;
        if (text.startsWith("]", at)) at++;
        while (at < text.length() && open > 0) {
            char c = text.charAt(at++);
            if (c == '\\') at++;
            else if (c == '[') open++;
            else if (c == ']') open--;
        }
    }
}
