package org.dualform.task.theory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.dualform.finetune.RateSelection;
import org.dualform.model.ComputeDevice;
import org.dualform.model.ComputeThreads;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.cell.SelectionRows;
import org.dualform.task.parameters.ModelUse;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskContext;
import org.dualform.task.source.ModelFacts;
import org.dualform.theory.DualFormMeasurement;
import org.dualform.theory.Measured;
import org.dualform.theory.Setting;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.LayerRow;
import org.jspecify.annotations.Nullable;

/** Measures one data set: in the model, and with random weights beside it. */
final class TheoryTask {
    private final TaskContext context;
    private final DualFormParameters parameters;
    private final TheoryCell cell;
    private final List<String> notes = new ArrayList<>();

    TheoryTask(TaskContext context, DualFormParameters parameters, TheoryCell cell) {
        this.context = context;
        this.parameters = parameters;
        this.cell = cell;
    }

    DualFormResult measure() throws IOException {
        Models.checked(cell.use().model(), context.hashes());
        try (ModelFacts facts = ModelFacts.read(cell.use().model())) {
            CellPrompts rows = CellPrompts.read(cell.prompt().inputs());
            PromptSet prompts =
                    rows.assemble(cell.prompt().seed(), cell.prompt().order(), facts);
            notes.addAll(prompts.warnings());
            int shots = Collections.max(prompts.distinctTrueShots());
            if (shots < 1) {
                throw UserException.usage("shots: demonstrations are what is measured, so a count above 0 has to fit."
                        + " Give a larger count to shots, or shorter demonstrations.");
            }
            return measure(facts, rows, prompts, shots);
        }
    }

    private DualFormResult measure(ModelFacts facts, CellPrompts rows, PromptSet prompts, int shots)
            throws IOException {
        List<LayerRow> all = new ArrayList<>();
        Measured own;
        double rate;
        boolean affine;
        try (Opened model = Opened.of(context, cell.use(), parameters.numbers())) {
            rate = rate(model.model(), facts, rows);
            affine = DualFormMeasurement.keysAffine(model.model().decoder());
            Setting setting = setting(prompts, shots, rate);
            own = DualFormMeasurement.of(model.model().manager(), model.model().decoder(), setting, context.progress());
            all.addAll(own.rows());
        }
        if (!own.tuned()) {
            notes.add("Fine-tuning at learning rate " + rate + " diverged, so nothing is known of ΔW_FT. Give a smaller"
                    + " learning_rate.");
        }
        if (parameters.withUntrained()) all.addAll(untrained(setting(prompts, shots, rate)));
        return new DualFormResult(
                DualFormResult.SCHEMA,
                cell.use().model().name(),
                cell.prompt().inputs().dataset().name(),
                cell.prompt().inputs().template().name(),
                cell.prompt().seed(),
                shots,
                prompts.queries().size(),
                prompts.boundaries().get(shots),
                facts.architecture().sizes().layers(),
                parameters.numbers().id(),
                own.tuned() ? rate : null,
                affine,
                parameters.withPatches(),
                own.allWeightsRate(),
                all,
                own.spectra(),
                notes);
    }

    private Setting setting(PromptSet prompts, int shots, double rate) {
        return new Setting(prompts, shots, rate, parameters.withPatches(), parameters.withAllWeights());
    }

    /** The same with random weights. Identities hold there too, and are told as part of the others. */
    private List<LayerRow> untrained(Setting setting) throws IOException {
        ModelUse use = cell.use();
        ModelUse random = new ModelUse(use.model(), ModelVariant.UNTRAINED, use.threads(), use.device(), use.dtype());
        try (Models.Lease lease = context.models().open(random, context.hashes())) {
            Measured measured = DualFormMeasurement.of(
                    lease.model().manager(), lease.model().decoder(), setting, context.progress());
            if (!measured.tuned()) notes.add("Fine-tuning of the untrained model diverged, so some floors are absent.");
            return measured.rows().stream()
                    .filter(row -> row.floor() == Floor.NONE)
                    .map(row -> new LayerRow(
                            row.layer(),
                            row.part(),
                            row.measure(),
                            Floor.UNTRAINED,
                            row.n(),
                            row.mean(),
                            row.least(),
                            row.most()))
                    .toList();
        }
    }

    /** The learning rate that is given, or the one that does best on training rows that are no demonstrations. */
    private double rate(LanguageModel model, ModelFacts facts, CellPrompts prompts) {
        SelectParameters select = cell.select();
        if (select.learningRate().given().isPresent()) {
            return select.learningRate().given().getAsDouble();
        }
        List<LabelledRow> rows = SelectionRows.training(select, prompts, facts);
        PromptSet held = prompts.assemble(cell.prompt().seed(), cell.prompt().order(), rows, facts);
        RateSelection.Selection chosen = new RateSelection(
                        model.decoder(), held, select.tuning(), select.passes(), select.chunkRows())
                .select(model.manager(), select.rates(), context.progress());
        context.info("Learning rate " + chosen.learningRate() + ", chosen on " + chosen.rows() + " training rows.");
        return chosen.learningRate();
    }

    /** The model in the precision that is asked for. */
    private record Opened(LanguageModel model, Models.@Nullable Lease lease) implements AutoCloseable {
        static Opened of(TaskContext context, ModelUse use, Precision precision) throws IOException {
            if (precision == Precision.FLOAT32) {
                Models.Lease lease = context.models().open(use, context.hashes());
                return new Opened(lease.model(), lease);
            }
            LanguageModel model =
                    LanguageModel.open(use.model().path(), precision.type(), ComputeDevice.find(use.device()));
            try {
                model.requireFinite();
                ComputeThreads.set(use.threads());
                return new Opened(model, null);
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
        }

        @Override
        public void close() {
            if (lease != null) lease.close();
            else model.close();
        }
    }
}
