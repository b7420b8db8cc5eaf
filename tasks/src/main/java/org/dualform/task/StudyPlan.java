package org.dualform.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.prompt.Template;
import org.dualform.spec.Cell;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;

/**
 * A checked experiment with everything found that it names: what {@code plan} writes and expands.
 *
 * @param model where the model is
 * @param datasets one per data set of the experiment, in its order
 * @param threads of every task
 * @param warnings for people
 */
record StudyPlan(
        Experiment experiment,
        Parameters.Source model,
        List<PlannedDataset> datasets,
        int threads,
        PlanCost cost,
        List<String> warnings) {

    /** A data set with what was chosen for it; {@code reference} is how the experiment calls it. */
    record PlannedDataset(String reference, Parameters.Source source, Template template, String split) {}

    /** The plan as it is written: enough to say of every cell what it is, also when it never ran. */
    ObjectNode toJson() {
        ObjectNode plan = Json.mapper().createObjectNode().put("schema", 1);
        plan.set("spec", experiment.toJson());
        plan.set("model", model.toJson());
        ArrayNode sets = plan.putArray("datasets");
        for (PlannedDataset dataset : datasets) {
            ObjectNode json = dataset.source().toJson();
            json.put("split", dataset.split()).set("template", template(dataset));
            sets.add(json);
        }
        plan.set("select", Json.mapper().valueToTree(selectItems()));
        plan.set("cells", Json.mapper().valueToTree(cellItems()));
        plan.put("threads", threads);
        plan.set("cost", cost.toJson());
        warnings.forEach(plan.putArray("warnings")::add);
        return plan;
    }

    /** What select and the cells are mapped over. */
    Map<String, List<Result.Item>> expand() {
        return Map.of("select", selectItems(), "cells", cellItems());
    }

    /** The parameters of the select item of data set {@code index}. */
    Parameters selectParameters(int index) {
        return new Parameters(selectItems().get(index).parameters());
    }

    private List<Result.Item> selectItems() {
        List<Result.Item> items = new ArrayList<>();
        for (PlannedDataset dataset : datasets) {
            ObjectNode parameters = shared(dataset);
            experiment.seeds().forEach(parameters.putArray(Parameters.SEEDS)::add);
            String name = dataset.source().name();
            items.add(new Result.Item(model.name() + "-" + name, name, parameters, null));
        }
        return items;
    }

    private List<Result.Item> cellItems() {
        List<Result.Item> items = new ArrayList<>();
        List<String> references =
                datasets.stream().map(PlannedDataset::reference).toList();
        for (Cell cell : Grid.of(experiment).cells()) {
            int index = references.indexOf(cell.dataset());
            ObjectNode parameters = shared(datasets.get(index));
            parameters
                    .put(Parameters.CELL, cell.id())
                    .put(Parameters.SEED, cell.seed())
                    .put(Parameters.ORDER, cell.order())
                    .put(Parameters.ARM, cell.arm());
            items.add(new Result.Item(cell.id(), cell.name(), parameters, Map.of("select", index)));
        }
        return items;
    }

    private ObjectNode shared(PlannedDataset dataset) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set(Parameters.MODEL, model.toJson());
        parameters.set(Parameters.DATASET, dataset.source().toJson());
        parameters.set(Parameters.TEMPLATE, template(dataset));
        parameters.put(Parameters.DESCRIPTION, experiment.description());
        experiment.shots().forEach(parameters.putArray(Parameters.SHOTS)::add);
        experiment
                .methods()
                .forEach(method -> parameters.withArray(Parameters.METHODS).add(method.id()));
        parameters
                .put(Parameters.LIMIT, experiment.limit())
                .put(Parameters.SPLIT, dataset.split())
                .put(Parameters.FIRST_ROWS, experiment.evaluatesFirstRows())
                .set(Parameters.LEARNING_RATE, experiment.toJson().path(Parameters.LEARNING_RATE));
        return parameters
                .put(Parameters.PASSES, experiment.passes())
                .put(Parameters.THREADS, threads)
                .put(Parameters.DTYPE, experiment.dtype())
                .put(Parameters.RECORD, experiment.record())
                .put(Parameters.RECORD_POSITION, experiment.recordPosition())
                .put(Parameters.RESERVE_TOKENS, experiment.reserveTokens())
                .put(Parameters.TRANSPORT, experiment.transport())
                .put(Parameters.FRESH, experiment.fresh());
    }

    private static JsonNode template(PlannedDataset dataset) {
        return Json.mapper().valueToTree(dataset.template());
    }
}
