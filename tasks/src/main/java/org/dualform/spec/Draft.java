package org.dualform.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;

/**
 * A spec as it was read, right or wrong: what is right in it can still be looked up, so that mistakes of both kinds are
 * told together.
 *
 * @param experiment in which something stands in for every value that is wrong
 * @param mistakes each a sentence, and each once
 * @param wrong the parameters they are in
 */
public record Draft(Experiment experiment, List<String> mistakes, Set<String> wrong) {

    public Draft {
        mistakes = List.copyOf(new LinkedHashSet<>(mistakes));
        wrong = Set.copyOf(wrong);
    }

    /** Of an experiment without mistakes. */
    public static Draft of(Experiment experiment) {
        return new Draft(experiment, List.of(), Set.of());
    }

    public boolean isRight() {
        return mistakes.isEmpty();
    }

    /** Whether all of these parameters are as they were given. */
    public boolean isRight(String... parameters) {
        return List.of(parameters).stream().noneMatch(wrong::contains);
    }

    /** With mistakes that somebody else found, told first. */
    public Draft with(Collection<String> found, Collection<String> parameters) {
        List<String> all = new ArrayList<>(found);
        all.addAll(mistakes);
        Set<String> both = new LinkedHashSet<>(wrong);
        both.addAll(parameters);
        return new Draft(experiment, all, both);
    }

    /** @throws UserException naming every mistake at once */
    public Experiment checked() {
        if (!isRight()) throw UserException.all(ExitCode.USAGE, mistakes);
        return experiment;
    }
}
