package org.dualform.mlflow.spool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a delivery did.
 *
 * @param delivered how many operations the server took whole
 * @param waiting how many operations stay in the spool
 * @param aside the folders of what the server will never take
 * @param problems why something waits or was set aside, each reason once
 */
public record Delivery(int delivered, int waiting, List<String> aside, List<String> problems) {
    /** Counts while a delivery goes on. */
    static final class Counter {
        int delivered;
        int waiting;
        boolean away;
        int failing;
        final List<String> aside = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        void problem(String text) {
            if (!problems.contains(text)) {
                problems.add(text);
            }
        }

        void aside(Path folder, String reason) {
            if (!aside.contains(folder.toString())) {
                aside.add(folder.toString());
            }
            problem(reason);
        }

        Delivery total() {
            return new Delivery(delivered, waiting, List.copyOf(aside), List.copyOf(problems));
        }
    }
}
