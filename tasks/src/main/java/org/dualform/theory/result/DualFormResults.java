package org.dualform.theory.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The results of all data sets, as they stand in a file. */
@JsonNaming(SnakeCaseStrategy.class)
public record DualFormResults(List<DualFormResult> results) {
    public DualFormResults {
        results = List.copyOf(results);
    }

    /**
     * The headline numbers: the largest residual of each identity, and the mean of each measure, with the floor after
     * its name. With several data sets the name begins with the data set's.
     */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        for (DualFormResult result : results) {
            String prefix = results.size() == 1 ? "" : result.dataset() + "/";
            for (Measure measure : Measure.values()) {
                if (measure.isIdentity()) {
                    result.most(measure).ifPresent(most -> metrics.put(prefix + measure.id(), most));
                    continue;
                }
                for (Floor floor : Floor.values()) {
                    String name = prefix + measure.id() + (floor == Floor.NONE ? "" : "." + floor.id());
                    result.mean(measure, floor).ifPresent(mean -> metrics.put(name, mean));
                }
            }
        }
        return metrics;
    }
}
