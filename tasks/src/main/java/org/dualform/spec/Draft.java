package org.dualform.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/**
 * A spec as it was read, right or wrong. What is right in it can be looked up before its mistakes are told, so that a
 * person sees the mistakes of both steps at once.
 *
 * @param experiment the values; a stand-in where the value given is wrong
 * @param mistakes a sentence each, without repetition
 * @param wrong the parameters that have a stand-in
 */
public record Draft(Experiment experiment, List<String> mistakes, Set<String> wrong) {

    public Draft {
        mistakes = List.copyOf(new LinkedHashSet<>(mistakes));
        wrong = Set.copyOf(wrong);
    }

    /** Whether there is no mistake. */
    public boolean isRight() {
        return mistakes.isEmpty();
    }

    /** Whether none of these parameters has a stand-in. */
    public boolean isRight(String... parameters) {
        return List.of(parameters).stream().noneMatch(wrong::contains);
    }

    /** This with mistakes that another check found; they are told first. */
    public Draft with(Collection<String> found, Collection<String> parameters) {
        List<String> all = new ArrayList<>(found);
        all.addAll(mistakes);
        Set<String> both = new LinkedHashSet<>(wrong);
        both.addAll(parameters);
        return new Draft(experiment, all, both);
    }

    /**
     * The experiment, if it has no mistake.
     *
     * @throws UserException naming every mistake at once
     */
    public Experiment checked() {
        if (!isRight()) throw UserException.all(ExitCode.USAGE, mistakes);
        return experiment;
    }
}
