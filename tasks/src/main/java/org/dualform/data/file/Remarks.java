package org.dualform.data.file;

import java.util.ArrayList;
import java.util.List;

/** What reading files brought to light: mistakes, which stop an experiment, and notes, which people should know. */
public final class Remarks {
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** @param sentence names the file, the line, the rule and the way out */
    public void mistake(String sentence) {
        mistakes.add(sentence);
    }

    /** @param sentence says what was assumed */
    public void note(String sentence) {
        notes.add(sentence);
    }

    public List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
