package org.dualform.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;

/**
 * The result of one check.
 *
 * @param what what was looked at
 * @param found what was found
 * @param wayOut what to do; empty if nothing
 */
public record Check(String what, String found, String wayOut) {
    public boolean lacks() {
        return !wayOut.isEmpty();
    }

    public String mark() {
        return lacks() ? "lack" : "ok";
    }

    /**
     * Prints checks, and writes them into a document as {@code checks} and {@code lacks}.
     *
     * @return the number of those that lack something
     */
    public static int print(List<Check> checks, PrintWriter people, ObjectNode document) {
        ArrayNode listed = document.putArray("checks");
        int lacks = 0;
        for (Check check : checks) {
            people.printf("%-5s %-22s %s%n", check.mark(), check.what(), check.found());
            ObjectNode each = listed.addObject()
                    .put("what", check.what())
                    .put("ok", !check.lacks())
                    .put("found", check.found());
            if (!check.lacks()) continue;
            lacks++;
            each.put("way_out", check.wayOut());
            people.println("      -> " + check.wayOut());
        }
        document.put("lacks", lacks);
        return lacks;
    }
}
