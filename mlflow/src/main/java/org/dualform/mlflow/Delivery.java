package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.List;

/**
 * What a delivery did.
 *
 * @param delivered operations
 * @param waiting operations that stay in the spool
 * @param aside paths of what the server will never take
 * @param problems why something waits or was set aside, one sentence each
 */
public record Delivery(int delivered, int waiting, List<String> aside, List<String> problems) {
    static final class Counter {
        int delivered;
        int waiting;
        final List<String> aside = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        void problem(String text) {
            if (!problems.contains(text)) {
                problems.add(text);
            }
        }

        Delivery total() {
            return new Delivery(delivered, waiting, List.copyOf(aside), List.copyOf(problems));
        }
    }
}
