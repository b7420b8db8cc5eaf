package org.dualform.mlflow.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;

/** One thing that is said about a run. Operations that are applied twice, in the same order, leave the same run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Operation.Params.class, name = "params"),
    @JsonSubTypes.Type(value = Operation.SetTags.class, name = "tags"),
    @JsonSubTypes.Type(value = Operation.Metrics.class, name = "metrics"),
    @JsonSubTypes.Type(value = Operation.Datasets.class, name = "datasets"),
    @JsonSubTypes.Type(value = Operation.PutFile.class, name = "file"),
    @JsonSubTypes.Type(value = Operation.End.class, name = "end")
})
public sealed interface Operation {
    record Params(Map<String, String> values) implements Operation {}

    record SetTags(Map<String, String> values) implements Operation {}

    /**
     * @param points values that are the same at every computation
     * @param timings values that a clock measured. They are told only where the run has none of these metrics, because
     *     every computation measures others
     */
    record Metrics(List<MetricPoint> points, List<MetricPoint> timings) implements Operation {
        /** Earlier versions wrote no timings. */
        public Metrics {
            timings = timings == null ? List.of() : timings;
        }

        public Metrics(List<MetricPoint> points) {
            this(points, List.of());
        }
    }

    record Datasets(List<DatasetUse> datasets) implements Operation {}

    /**
     * @param path below the artifact folder of the run
     * @param file where the file is now
     * @param table whether the UI shall show it as a table
     */
    record PutFile(String path, Path file, boolean table) implements Operation {}

    /** @param time milliseconds since 1970 */
    record End(RunStatus status, long time) implements Operation {}
}
