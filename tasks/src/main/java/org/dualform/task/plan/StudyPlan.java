package org.dualform.task.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.prompt.Template;
import org.dualform.spec.Cell;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.spec.arm.Arm;
import org.dualform.task.file.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A checked experiment with everything found that it names: what {@code plan} writes and expands.
 *
 * @param model where the model is
 * @param rows the file that names rows, or null
 * @param datasets one per data set and template of the experiment, in its order
 * @param threads of every task
 * @param device of every task: {@code cpu} or {@code cuda:i}
 * @param chunkRows queries that every task runs at once
 * @param warnings for people
 */
record StudyPlan(
        Experiment experiment,
        Parameters.Source model,
        Parameters.@Nullable Source rows,
        List<PlannedDataset> datasets,
        int threads,
        String device,
        int chunkRows,
        PlanCost cost,
        List<String> warnings) {

    /**
     * A data set with one template for it.
     *
     * @param reference how the experiment calls the data set
     * @param asked how it calls the template
     */
    record PlannedDataset(String reference, String asked, Parameters.Source source, Template template, String split) {
        boolean isOf(Cell cell) {
            return reference.equals(cell.dataset()) && asked.equals(cell.template());
        }
    }

    /** The same with what only the costs of all its cells decide. */
    StudyPlan with(int atOnce, PlanCost found, List<String> told) {
        return new StudyPlan(experiment, model, rows, datasets, threads, device, atOnce, found, List.copyOf(told));
    }

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
        plan.put("threads", threads).put("device", device).put("chunk_rows", chunkRows);
        plan.set("cost", cost.toJson());
        warnings.forEach(plan.putArray("warnings")::add);
        return plan;
    }

    /** What select and the cells are mapped over. */
    Map<String, List<Result.Item>> expand() {
        return Map.of("select", selectItems(), "cells", cellItems());
    }

    /** What all cells of data set {@code index} have in common. */
    Parameters sharedParameters(int index) {
        return new Parameters(shared(datasets.get(index)));
    }

    /** What one rate is chosen for: a data set, and a way to fine-tune. */
    private record Selected(int dataset, Arm arm) {}

    /** One for each data set and each way to fine-tune that needs a rate of its own, in the order of the cells. */
    private List<Selected> selected() {
        Set<Selected> selected = new LinkedHashSet<>();
        for (Cell cell : Grid.of(experiment).cells()) selected.add(selected(cell));
        return List.copyOf(selected);
    }

    /** A control that fine-tunes as {@code main} does takes its rate, so that nothing else differs. */
    private Selected selected(Cell cell) {
        Arm arm = cell.arm();
        boolean own = arm.tunesOtherwise()
                && (experiment
                                .of(cell.dataset())
                                .methods()
                                .learningRate()
                                .given()
                                .isEmpty()
                        || arm.learningRate().isPresent());
        return new Selected(firstTemplate(index(cell)), own ? arm : Arm.MAIN);
    }

    /** One selection serves all templates of a data set. */
    private int firstTemplate(int index) {
        String reference = datasets.get(index).reference();
        return datasets.stream().map(PlannedDataset::reference).toList().indexOf(reference);
    }

    private int index(Cell cell) {
        for (int i = 0; i < datasets.size(); i++) if (datasets.get(i).isOf(cell)) return i;
        throw new IllegalStateException("not planned: " + cell);
    }

    private List<Result.Item> selectItems() {
        List<Result.Item> items = new ArrayList<>();
        for (Selected selected : selected()) {
            PlannedDataset dataset = datasets.get(selected.dataset());
            ObjectNode parameters = shared(dataset);
            put(parameters, selected.arm());
            parameters.put(Parameters.ARM, selected.arm().name());
            experiment.of(dataset.reference()).data().seeds().forEach(parameters.putArray(Parameters.SEEDS)::add);
            experiment.data().orders().forEach(parameters.putArray(Parameters.ORDERS)::add);
            ArrayNode templates = parameters.putArray(Parameters.TEMPLATES);
            datasets.stream()
                    .filter(d -> d.reference().equals(dataset.reference()))
                    .forEach(d -> templates.add(template(d)));
            if (!selected.arm().isMain()) parameters.putArray(Parameters.SELECT);
            String name = dataset.source().name();
            String arm = selected.arm().name();
            boolean main = selected.arm().isMain();
            items.add(new Result.Item(
                    model.name() + "-" + name + (main ? "" : "-" + Grid.safeName(arm)),
                    name + (main ? "" : " · " + arm),
                    parameters,
                    null));
        }
        return items;
    }

    private List<Result.Item> cellItems() {
        List<Result.Item> items = new ArrayList<>();
        List<Selected> selected = selected();
        for (Cell cell : Grid.of(experiment).cells()) {
            ObjectNode parameters = shared(datasets.get(index(cell)));
            parameters
                    .put(Parameters.CELL, cell.id())
                    .put(Parameters.SEED, cell.seed())
                    .put(Parameters.ORDER, cell.order())
                    .put(Parameters.ARM, cell.arm().name());
            put(parameters, cell.arm());
            cell.shots(experiment).forEach(parameters.putArray(Parameters.SHOTS)::add);
            items.add(new Result.Item(
                    cell.id(), cell.name(), parameters, Map.of("select", selected.indexOf(selected(cell)))));
        }
        return items;
    }

    /** In what an arm differs, each as a parameter that only the tasks read which it concerns. */
    private static void put(ObjectNode parameters, Arm arm) {
        parameters
                .put(Parameters.LABELS, arm.labels().text())
                .put(Parameters.MODEL_VARIANT, arm.variant().id())
                .put(Parameters.TUNING, arm.tuning().text())
                .put(Parameters.CALIBRATED, arm.calibrated());
        arm.passes().ifPresent(passes -> parameters.put(Parameters.PASSES, passes));
        arm.learningRate().ifPresent(rate -> parameters.put(Parameters.LEARNING_RATE, rate));
    }

    private ObjectNode shared(PlannedDataset dataset) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set(Parameters.MODEL, model.toJson());
        parameters.set(Parameters.DATASET, dataset.source().toJson());
        parameters.set(Parameters.TEMPLATE, template(dataset));
        parameters.put(Parameters.DESCRIPTION, experiment.data().description());
        Experiment own = experiment.of(dataset.reference());
        own.data().shots().forEach(parameters.putArray(Parameters.SHOTS)::add);
        experiment
                .methods()
                .methods()
                .forEach(method -> parameters.withArray(Parameters.METHODS).add(method.id()));
        parameters
                .put(Parameters.LIMIT, experiment.data().limit())
                .put(Parameters.SPLIT, dataset.split())
                .put(Parameters.FIRST_ROWS, own.data().evaluatesFirstRows())
                .set(Parameters.LEARNING_RATE, own.methods().learningRate().json());
        put(parameters, Arm.MAIN);
        parameters.set(Parameters.ROWS, rows == null ? NullNode.instance : rows.toJson());
        ArrayNode select = parameters.putArray(Parameters.SELECT);
        experiment.methods().select().forEach(what -> select.add(what.id()));
        parameters.put(Parameters.SELECT_ON, experiment.methods().selectOn().id());
        parameters
                .put(Parameters.PASSES, experiment.methods().passes())
                .put(Parameters.THREADS, threads)
                .put(Parameters.DEVICE, device)
                .put(Parameters.CHUNK_ROWS, chunkRows)
                .put(Parameters.DTYPE, experiment.machine().dtype().id())
                .put(Parameters.RECORD, experiment.recording().record())
                .put(
                        Parameters.RECORD_POSITION,
                        experiment.recording().recordPosition().id())
                .put(
                        Parameters.RECORD_QUERIES,
                        experiment.recording().recordQueries().id())
                .put(Parameters.RECORD_LIMIT, experiment.recording().recordLimit())
                .set(Parameters.BASELINES, experiment.toJson().path(Parameters.BASELINES));
        return parameters
                .put(Parameters.RESERVE_TOKENS, experiment.machine().reserveTokens())
                .put(Parameters.TRANSPORT, experiment.machine().transport().id())
                .put(Parameters.FRESH, experiment.machine().fresh());
    }

    private static JsonNode template(PlannedDataset dataset) {
        return Json.mapper().valueToTree(dataset.template());
    }
}
