package org.dualform.cli.workflow.control;

import java.util.regex.Pattern;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.jspecify.annotations.Nullable;

/** The rules of Airflow for what a person may write beside a run: its id and its note. */
public final class RunId {
    /**
     * The longest id. Airflow keeps the logs of a run in the folder {@code run_id=ID}, and the name of a file or folder
     * has at most 255 bytes. A longer id is accepted, but none of its tasks can start.
     */
    static final int LONGEST = 255 - "run_id=".length();

    static final int LONGEST_NOTE = 1000;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_.~:+-]+");
    /** These would be folders of their own: the one above, and the same. */
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}");

    private RunId() {}

    /**
     * @return the id
     * @throws org.dualform.contract.UserException naming every mistake in the two
     */
    public static String checked(String runId, @Nullable String note) {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        if (!VALID.matcher(runId).matches() || DOTS.matcher(runId).matches()) {
            mistakes.add("A run id consists of letters, digits and _ . ~ : + - only, and not of dots alone; it is '"
                    + runId + "'. Choose another, or leave out --run-id.");
        }
        if (runId.length() > LONGEST) {
            mistakes.add("A run id has at most " + LONGEST + " characters, because Airflow names the folder of its logs"
                    + " run_id=ID, and such a name has at most 255 bytes. This one has " + runId.length()
                    + ". Choose a shorter one, or leave out --run-id.");
        }
        if (note != null && note.codePointCount(0, note.length()) > LONGEST_NOTE) {
            mistakes.add("A note has at most " + LONGEST_NOTE + " characters in Airflow; this one has "
                    + note.codePointCount(0, note.length()) + ". Shorten --note.");
        }
        mistakes.throwIfAny();
        return runId;
    }
}
