package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * One cell at one requested shot count: a row of {@code results.json}.
 *
 * @param cell the cell's name
 * @param id what the cell is
 * @param fitted the shot count, and what of it fits
 * @param learningRate of fine-tuning; null when there was none
 * @param recordPosition token at which is recorded
 * @param absence what was asked for and is not there; empty where all is
 * @param chosen methods that chose this cell among the candidates; null where nothing is chosen
 * @param selectedOn on which rows something was chosen that bears on this row; null if nothing was
 * @param metrics by name, in reporting order
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ResultRow(
        String cell,
        @JsonUnwrapped CellId id,
        @JsonUnwrapped FittedShots fitted,
        @Nullable Double learningRate,
        String recordPosition,
        RowStatus status,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Absence> absence,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ScoredMethod> chosen,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String selectedOn,
        Map<String, Metric> metrics) {

    public ResultRow {
        absence = List.copyOf(absence);
    }

    /** A row of a cell in which nothing was chosen. */
    public ResultRow(
            String cell,
            CellId id,
            FittedShots fitted,
            @Nullable Double learningRate,
            String recordPosition,
            RowStatus status,
            List<Absence> absence,
            Map<String, Metric> metrics) {
        this(cell, id, fitted, learningRate, recordPosition, status, absence, null, null, metrics);
    }

    /** As it stands in a file. Files of earlier versions have the sentence {@code reason} in place of absence. */
    @JsonCreator
    static ResultRow read(
            @JsonProperty("cell") String cell,
            @JsonUnwrapped CellId id,
            @JsonUnwrapped FittedShots fitted,
            @JsonProperty("learning_rate") @Nullable Double learningRate,
            @JsonProperty("record_position") String recordPosition,
            @JsonProperty("status") RowStatus status,
            @JsonProperty("absence") @Nullable List<Absence> absence,
            @JsonProperty("reason") @Nullable String reason,
            @JsonProperty("chosen") @Nullable List<ScoredMethod> chosen,
            @JsonProperty("selected_on") @Nullable String selectedOn,
            @JsonProperty("metrics") Map<String, Metric> metrics) {
        List<Absence> stated = reason == null ? List.of() : List.of(new Absence.Stated(reason));
        return new ResultRow(
                cell,
                id,
                fitted,
                learningRate,
                recordPosition,
                status,
                absence == null ? stated : absence,
                chosen,
                selectedOn,
                metrics);
    }

    public String model() {
        return id.model();
    }

    public String dataset() {
        return id.dataset();
    }

    public int seed() {
        return id.seed();
    }

    public int order() {
        return id.order();
    }

    public String arm() {
        return id.arm();
    }

    public String template() {
        return id.template();
    }

    /** Whether this is the experiment itself and no control. */
    @JsonIgnore
    public boolean isMain() {
        return id.isMain();
    }

    /** As requested. */
    public int shots() {
        return fitted.shots();
    }

    /** Demonstrations that fit; null when the cell never got so far. */
    public @Nullable Integer trueShots() {
        return fitted.trueShots();
    }

    /** Tokens of the context; null likewise. */
    public @Nullable Integer contextTokens() {
        return fitted.contextTokens();
    }

    /** The metric of that name; null where the row has none. */
    public @Nullable Metric metric(MetricName name) {
        return metrics.get(name.text());
    }

    /** The same with other metrics. */
    public ResultRow withMetrics(Map<String, Metric> others) {
        return new ResultRow(
                cell, id, fitted, learningRate, recordPosition, status, absence, chosen, selectedOn, others);
    }

    /** The same with what was chosen. */
    public ResultRow withChoice(@Nullable List<ScoredMethod> methods, @Nullable String on) {
        return new ResultRow(cell, id, fitted, learningRate, recordPosition, status, absence, methods, on, metrics);
    }
}
