package org.dualform.model.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.UserException;

/**
 * Writes a template as the library understands it. It differs from Python's Jinja in three places that chat templates
 * use: a named argument that is a sum ends at its first part, lists have no slice with a step, and a condition in the
 * head of a loop is passed over.
 */
final class Dialect {
    private static final Pattern MARKED = Pattern.compile("\\{#.*?#}|\\{\\{.*?}}|\\{%.*?%}", Pattern.DOTALL);
    private static final Pattern REVERSED = Pattern.compile("\\[\\s*::\\s*-1\\s*]");
    private static final Pattern STEP = Pattern.compile("\\[[^\\]\\[:'\"]*:[^\\]\\[:'\"]*:[^\\]\\[]*]");
    private static final Pattern CONDITION =
            Pattern.compile("\\{%[-+]?\\s*for\\s.*\\sin\\s.*\\sif\\s(?!.*\\selse\\s).*%}", Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("[A-Za-z_]\\w*\\s*=(?!=)");

    /** The length of the signs before and after an expression. */
    private static final int MARK = 2;

    private Dialect() {}

    /** @throws UserException if a part cannot be written so */
    static String translate(String place, String template) {
        // One line end at the end of a template is not part of it, as in Python's Jinja.
        String whole = template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
        return MARKED.matcher(whole)
                .replaceAll(mark -> Matcher.quoteReplacement(
                        mark.group().startsWith("{#") ? mark.group() : expression(place, mark.group())));
    }

    private static String expression(String place, String mark) {
        String reversed = REVERSED.matcher(mark).replaceAll("|reverse|list");
        if (CONDITION.matcher(reversed).matches()) throw unknown(place, mark, "a loop with a condition in its head");
        if (STEP.matcher(reversed).find()) throw unknown(place, mark, "a slice with a step");
        return reversed.stripLeading().matches("(?s)\\{%[-+]?\\s*macro\\s.*") ? reversed : grouped(reversed);
    }

    private static UserException unknown(String place, String mark, String what) {
        return UserException.data("chat: the chat template (" + place + ") has " + what + ", which is not run here: "
                + mark + ". Write it otherwise in the model's folder, or set chat to off for the plain text.");
    }

    /** Puts the values of named arguments in parentheses. */
    private static String grouped(String mark) {
        StringBuilder out = new StringBuilder(mark.substring(0, MARK));
        // For every open bracket, whether a value's own parenthesis is to be closed before it.
        Deque<Boolean> open = new ArrayDeque<>();
        Matcher named = NAMED.matcher(mark);
        int at = MARK;
        while (at < mark.length() - MARK) {
            char c = mark.charAt(at);
            if (c == '\'' || c == '"') {
                int end = quoted(mark, at);
                out.append(mark, at, end);
                at = end;
                continue;
            }
            if (!open.isEmpty()
                    && startsWord(mark, at)
                    && named.region(at, mark.length()).lookingAt()) {
                out.append(named.group()).append('(');
                at = named.end();
                open.pop();
                open.push(true);
                continue;
            }
            if ((c == ')' || c == ',') && Boolean.TRUE.equals(open.peek())) {
                out.append(')');
                open.pop();
                open.push(false);
            }
            if (c == '(' || c == '[' || c == '{') open.push(false);
            if ((c == ')' || c == ']' || c == '}') && !open.isEmpty()) open.pop();
            out.append(c);
            at++;
        }
        return out.append(mark.substring(mark.length() - MARK)).toString();
    }

    private static boolean startsWord(String text, int at) {
        char before = text.charAt(at - 1);
        return !Character.isLetterOrDigit(before) && before != '_' && before != '.';
    }

    /** The place after a quoted text that begins at {@code from}. */
    private static int quoted(String text, int from) {
        for (int at = from + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') at++;
            else if (text.charAt(at) == text.charAt(from)) return at + 1;
        }
        return text.length();
    }
}
