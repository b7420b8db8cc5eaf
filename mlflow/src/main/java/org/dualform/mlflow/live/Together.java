package org.dualform.mlflow.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Sends several operations about a run in few calls: files and data sets first, then all params, tags and metrics in one
 * batch, then the end. The result is that of the operations one by one.
 */
final class Together {
    private final CurrentRun run;
    private final ValueSender values;
    private final MetricSender metrics;
    private final DatasetSender datasets;
    private final FileSender files;

    Together(CurrentRun run, ValueSender values, MetricSender metrics, DatasetSender datasets, FileSender files) {
        this.run = run;
        this.values = values;
        this.metrics = metrics;
        this.datasets = datasets;
        this.files = files;
    }

    /** What goes into one batch. */
    private static final class Values {
        final Map<String, String> params = new LinkedHashMap<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        final List<MetricPoint> points = new ArrayList<>();
        final List<MetricPoint> timings = new ArrayList<>();

        void add(Operation operation) {
            if (operation instanceof Operation.Params more) {
                params.putAll(more.values());
            } else if (operation instanceof Operation.SetTags more) {
                tags.putAll(more.values());
            } else if (operation instanceof Operation.Metrics more) {
                points.addAll(more.points());
                timings.addAll(more.timings());
            }
        }
    }

    /** Whether nothing is said twice with another value: that would mean another run, so it is said one by one. */
    static boolean agree(List<Operation> operations) {
        long metrics =
                operations.stream().filter(Operation.Metrics.class::isInstance).count();
        Map<String, String> params = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Params more) {
                if (ValueSender.differs(params, more.values())) return false;
                params.putAll(more.values());
            }
        }
        return metrics <= 1;
    }

    /**
     * Sends the operations. It sends nothing if a later try has opened the run since.
     *
     * @throws RunGone if the run has been deleted, or has other values
     */
    void send(List<Operation> operations) {
        Values together = new Values();
        operations.forEach(together::add);
        if (!together.points.isEmpty() || !together.timings.isEmpty() || hasTables(operations)) {
            run.refresh();
            if (run.isOutdated()) return;
        } else if (!together.params.isEmpty()) {
            run.refreshUnlessMade();
        }
        // A run that has other values is replaced before files are sent to it.
        values.requireSame(together.params);
        MetricSender.Fresh fresh = metrics.fresh(together.points, together.timings);
        Map<String, String> own = new LinkedHashMap<>(fresh.infinite());
        List<String> tables = sendFiles(operations);
        if (!tables.isEmpty()) {
            own.put(Tags.LOGGED_ARTIFACTS, files.withTables(tables));
        }
        values.send(fresh.points(), together.params, together.tags, own);
        Operation.@Nullable End end = end(operations);
        if (end != null) {
            run.end(end.status(), end.time());
        }
    }

    private static boolean hasTables(List<Operation> operations) {
        return operations.stream().anyMatch(operation -> operation instanceof Operation.PutFile file && file.table());
    }

    /** Sends files and data sets, and returns the paths of the tables among the files. */
    private List<String> sendFiles(List<Operation> operations) {
        List<String> tables = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Datasets uses) {
                datasets.send(uses.datasets());
            } else if (operation instanceof Operation.PutFile file && files.put(file) && file.table()) {
                tables.add(file.path());
            }
        }
        return tables;
    }

    private static Operation.@Nullable End end(List<Operation> operations) {
        Operation.End last = null;
        for (Operation operation : operations) {
            if (operation instanceof Operation.End end) last = end;
        }
        return last;
    }
}
