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
import java.util.stream.IntStream;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.prompt.ChatUse;
import org.dualform.prompt.Template;
import org.dualform.spec.Cell;
import org.dualform.spec.CurveIdentity;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.spec.arm.Arm;
import org.dualform.task.file.PlanFile;
import org.dualform.task.parameters.FinetuneParameters;
import org.dualform.task.parameters.InferParameters;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.PromptInputs;
import org.dualform.task.parameters.PromptParameters;
import org.dualform.task.parameters.ScoreParameters;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.Source;
import org.jspecify.annotations.Nullable;

/**
 * A checked experiment with the models and data sets that it names. The task {@code plan} writes it and expands it into
 * tasks.
 *
 * @param model the model's source
 * @param rows the file that names rows, or null
 * @param datasets one per data set and template of the experiment, in its order
 * @param threads the number of threads of every task
 * @param device the device of every task: {@code cpu} or {@code cuda:i}
 * @param chunkRows the number of queries that every task runs at once
 * @param rowTokens the mean number of tokens of a query with its label, at least 1
 * @param tokens the tokens of each cell, by its id
 * @param warnings for people
 */
record StudyPlan(
        Experiment experiment,
        Source model,
        @Nullable Source rows,
        List<PlannedDataset> datasets,
        int threads,
        String device,
        int chunkRows,
        PlanCost cost,
        int rowTokens,
        Map<String, Long> tokens,
        List<String> warnings) {

    /**
     * A data set with one template for it.
     *
     * @param reference the experiment's name for the data set
     * @param asked the experiment's name for the template
     */
    record PlannedDataset(String reference, String asked, Source source, Template template, String split) {
        /** The same with the template's texts as turns of a conversation. */
        PlannedDataset inChat(ChatUse chat) {
            return new PlannedDataset(reference, asked, source, template.inChat(chat), split);
        }

        boolean isOf(Cell cell) {
            return reference.equals(cell.dataset()) && asked.equals(cell.template());
        }
    }

    /** The same with the values that depend on the costs of all cells. */
    StudyPlan with(int atOnce, PlanCost found, int ofRow, Map<String, Long> ofCells, List<String> told) {
        return new StudyPlan(
                experiment,
                model,
                rows,
                datasets,
                threads,
                device,
                atOnce,
                found,
                ofRow,
                Map.copyOf(ofCells),
                List.copyOf(told));
    }

    /** The plan as it is written. */
    PlanFile toFile() {
        return new PlanFile(
                PlanFile.SCHEMA,
                experiment.toJson(),
                model,
                datasets.stream()
                        .map(d -> new PlanFile.Dataset(d.source(), d.split(), d.template()))
                        .toList(),
                selectItems(),
                cellItems(),
                threads,
                device,
                chunkRows,
                cost.toJson(),
                warnings);
    }

    /** The parameters of the cells' tasks. */
    private static final List<Class<? extends Record>> CELL_TASKS =
            List.of(PromptParameters.class, InferParameters.class, FinetuneParameters.class, ScoreParameters.class);

    /** The items that select and the cells are mapped over. */
    Map<String, List<Result.Item>> expand() {
        return Map.of("select", selectItems(), "cells", cellItems());
    }

    /** The inputs of the prompts of {@code main} in data set {@code index}. */
    PromptInputs promptInputs(int index) {
        return ParameterReader.read(PromptInputs.class, shared(datasets.get(index)));
    }

    /** The parameters of the selections of data set {@code index}; none if an earlier template's serve it. */
    List<SelectParameters> selections(int index) {
        List<Result.Item> items = selectItems();
        List<Selected> selected = selected();
        return IntStream.range(0, selected.size())
                .filter(i -> selected.get(i).dataset() == index)
                .mapToObj(i -> ParameterReader.read(
                        SelectParameters.class, items.get(i).parameters()))
                .toList();
    }

    /** The scope of one learning rate: a data set and a way to fine-tune. */
    private record Selected(int dataset, Arm arm) {}

    /**
     * The scopes of all rates: one for each data set and each way to fine-tune that needs a rate of its own, in the
     * order of the cells.
     */
    private List<Selected> selected() {
        Set<Selected> selected = new LinkedHashSet<>();
        for (Cell cell : Grid.of(experiment).cells()) selected.add(selected(cell));
        return List.copyOf(selected);
    }

    /**
     * The scope of a cell's rate. A control that fine-tunes as {@code main} does takes the rate of {@code main}, so
     * that nothing else differs.
     */
    private Selected selected(Cell cell) {
        Arm arm = cell.arm();
        boolean own = arm.learnsOtherwise()
                && (experiment
                                .of(cell.dataset())
                                .methods()
                                .learningRate()
                                .given()
                                .isEmpty()
                        || arm.learningRate().isPresent());
        return new Selected(firstTemplate(index(cell)), own ? arm : Arm.MAIN);
    }

    /** The first template of a data set. Its selection serves all templates of the data set. */
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
            parameters.put("arm", selected.arm().name());
            experiment.of(dataset.reference()).data().seeds().forEach(parameters.putArray("seeds")::add);
            experiment.data().orders().forEach(parameters.putArray("orders")::add);
            ArrayNode templates = parameters.putArray("templates");
            datasets.stream()
                    .filter(d -> d.reference().equals(dataset.reference()))
                    .forEach(d -> templates.add(template(d)));
            if (!selected.arm().isMain()) parameters.putArray("select");
            Experiment own = experiment.of(dataset.reference());
            parameters.put("select_rows", own.methods().selectRows(own.data().limit()));
            putDeclared(parameters, dataset.reference(), SelectParameters.class);
            String name = dataset.source().name();
            String arm = selected.arm().name();
            boolean main = selected.arm().isMain();
            items.add(new Result.Item(
                    model.name() + "-" + name + (main ? "" : "-" + Grid.safeName(arm)),
                    name + (main ? "" : " · " + arm),
                    parameters,
                    null,
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
                    .put("cell", cell.id())
                    .put("seed", cell.seed())
                    .put("order", cell.order())
                    .put("arm", cell.arm().name());
            put(parameters, cell.arm());
            parameters.set("curve", Json.mapper().valueToTree(curve(cell)));
            cell.shots(experiment).forEach(parameters.putArray("shots")::add);
            CELL_TASKS.forEach(task -> putDeclared(parameters, cell.dataset(), task));
            items.add(new Result.Item(
                    cell.id(),
                    cell.name(),
                    parameters,
                    Map.of("select", selected.indexOf(selected(cell))),
                    tokens.get(cell.id())));
        }
        return items;
    }

    /**
     * The identity of the cell's curves among those of the study. It leaves out the first order and the first template.
     */
    private CurveIdentity curve(Cell cell) {
        int index = index(cell);
        PlannedDataset dataset = datasets.get(index);
        return new CurveIdentity(
                dataset.source().name(),
                cell.arm().name(),
                cell.order() == experiment.data().firstOrder() ? null : cell.order(),
                index == firstTemplate(index) ? null : dataset.template().name());
    }

    /**
     * Adds the parameters in which an arm differs from {@code main}. Only the tasks whose outputs change declare them.
     */
    private static void put(ObjectNode parameters, Arm arm) {
        parameters
                .put("labels", arm.labels().text())
                .put("model_variant", arm.variant().id())
                .put("tuning", arm.tuning().text())
                .put("calibrated", arm.calibrated());
        arm.passes().ifPresent(passes -> parameters.put("passes", passes));
        arm.learningRate().ifPresent(rate -> parameters.put("learning_rate", rate));
    }

    /** The parameters that all items of a data set share: the sources that were found, and values of the spec. */
    private ObjectNode shared(PlannedDataset dataset) {
        Experiment own = experiment.of(dataset.reference());
        ObjectNode spec = own.toJson();
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("model", model.toJson());
        parameters.set("dataset", dataset.source().toJson());
        parameters.set("template", template(dataset));
        copy(spec, parameters, "description", "shots", "methods", "limit");
        parameters.put("split", dataset.split()).put("first_rows", own.data().evaluatesFirstRows());
        copy(spec, parameters, "learning_rate");
        put(parameters, Arm.MAIN);
        parameters.set("rows", rows == null ? NullNode.instance : rows.toJson());
        copy(spec, parameters, "select", "select_on", "passes");
        parameters.put("threads", threads).put("device", device).put("chunk_rows", chunkRows);
        copy(spec, parameters, "dtype", "record", "record_position", "record_queries", "record_limit");
        copy(spec, parameters, "baselines", "reserve_tokens", "transport", "fresh");
        return parameters;
    }

    private static void copy(ObjectNode spec, ObjectNode parameters, String... names) {
        for (String name : names) parameters.set(name, spec.path(name));
    }

    /**
     * Adds every other parameter of the spec that a task declares, so that a new parameter needs no line in this class.
     * The names above are listed so that the order of items in files, and therefore the bytes, stay the same.
     */
    private void putDeclared(ObjectNode parameters, String dataset, Class<? extends Record> task) {
        ObjectNode spec = experiment.of(dataset).toJson();
        for (String name : ParameterReader.names(task)) {
            if (!parameters.has(name) && spec.has(name)) parameters.set(name, spec.path(name));
        }
    }

    private static JsonNode template(PlannedDataset dataset) {
        return Json.mapper().valueToTree(dataset.template());
    }
}
