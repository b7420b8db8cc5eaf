package org.dualform.spec.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A spec in normal form.
 *
 * @param values every parameter but {@code other_datasets}, in the schema's order, each in one form; a stand-in where the
 *     value given is wrong
 * @param mistakes a sentence each, in the order they were found
 * @param wrong the parameters that have a stand-in
 */
public record NormalSpec(ObjectNode values, List<String> mistakes, Set<String> wrong) {
    public NormalSpec {
        mistakes = List.copyOf(mistakes);
        wrong = Set.copyOf(wrong);
    }
}
