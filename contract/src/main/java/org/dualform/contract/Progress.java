package org.dualform.contract;

/**
 * Lets a long computation report its progress to its caller, and learn that it was asked to stop. It is called between
 * chunks or steps. It is cheap enough to call after each, because the receiver limits what it prints.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Says that {@code done} of {@code total} units of {@code what} are finished.
     *
     * @param what the phase as a person reads it, such as {@code "icl, 4 shots"}
     * @throws CancelledException if the task was asked to stop; the computation lets it pass and closes what it opened
     */
    void at(String what, long done, long total);

    /** A progress that drops all reports and never asks to stop. */
    static Progress none() {
        return (what, done, total) -> {};
    }
}
