package org.dualform.contract;

/**
 * How a long computation tells its caller where it is, and learns that it was asked to stop. Called between chunks or
 * steps; cheap enough for every one of them, since the receiver limits what it prints.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Says that {@code done} of {@code total} units of {@code what} are finished.
     *
     * @param what the phase as a person reads it, as {@code "icl, 4 shots"}
     * @throws CancelledException if the task was asked to stop; the computation lets it pass and closes what it opened
     */
    void at(String what, long done, long total);

    /** Tells nobody and never stops. */
    static Progress none() {
        return (what, done, total) -> {};
    }
}
