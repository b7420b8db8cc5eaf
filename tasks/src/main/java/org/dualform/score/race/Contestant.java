package org.dualform.score.race;

import java.util.List;
import java.util.Optional;

/** A candidate whose rows are scored while it may still win. */
public interface Contestant {
    /**
     * Scores the first rows. Rows that were scored before are not run again.
     *
     * @param rows not fewer than in earlier calls
     * @return one score for each of these rows; empty if they are undefined, because training or a score diverged
     */
    Optional<List<RowScore>> upTo(int rows);

    /** Of contestants that do equally well, the one of the lower rank is preferred. */
    default int rank() {
        return 0;
    }
}
