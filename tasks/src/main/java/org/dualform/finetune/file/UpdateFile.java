package org.dualform.finetune.file;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.dualform.finetune.update.Dense;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.KeyValueUpdate.Change;
import org.dualform.finetune.update.KeyValueUpdate.Layer;
import org.dualform.finetune.update.Projection;
import org.dualform.finetune.update.ProjectionShape;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.finetune.update.Vector;
import org.dualform.model.LanguageModel;
import org.dualform.model.checkpoint.ArrayWriter;
import org.dualform.safetensors.SafetensorsFile;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KeyValueUpdate} as a safetensors file. Of segment i and layer l, with T tokens, S steps, I and O the widths of the
 * projections' input and output, and p either k or v:
 *
 * <pre>
 * segment.i.layer.l.input                   (T, I)  factored: X, of both projections
 * segment.i.layer.l.weight_update.p.error   (T, O)  factored: E
 * segment.i.layer.l.weight_update.p         (O, I)  dense: the total up to the segment's end
 * segment.i.layer.l.bias_update.p           (S, O)  with biases; dense: (1, O)
 * plan.shape (5), plan.passes (1), plan.segments (segments, 4), plan.steps, plan.tokens   INT64: see {@link UpdatePlan}
 * </pre>
 */
final class UpdateFile {
    private static final int COLUMNS = 4; // the columns of plan.segments: parent, shots, dense, number of steps

    private UpdateFile() {}

    /** Writes the file whole or not at all. It is larger than {@link UpdatePlan#bytes} by the header and the plan. */
    static void write(Path file, KeyValueUpdate update) {
        try (NDManager scratch = LanguageModel.newManager()) {
            var tensors = new LinkedHashMap<String, NDArray>();
            putPlan(scratch, update.plan(), tensors);
            update.segments().forEach((segment, layers) -> {
                for (int i = 0; i < layers.size(); i++) {
                    put(new Names(segment, i), layers.get(i), tensors);
                }
            });
            ArrayWriter.write(file, tensors);
        }
    }

    /**
     * Reads a file. Its tensors are mapped and not copied.
     *
     * @param owner owns the update's arrays
     */
    static KeyValueUpdate read(NDManager owner, SafetensorsFile file) {
        var reader = new Reader(new UpdateTensors(owner, file));
        UpdatePlan plan = reader.plan();
        var segments = new TreeMap<Integer, List<Layer>>();
        for (int segment = 0; segment < plan.segments().size(); segment++) {
            if (reader.has(segment, plan.segments().get(segment))) {
                segments.put(segment, reader.layers(segment, plan));
            }
        }
        return new KeyValueUpdate(plan, segments);
    }

    private record Names(int segment, int layer) {
        String input() {
            return prefix() + "input";
        }

        String error(Projection projection) {
            return weight(projection) + ".error";
        }

        String weight(Projection projection) {
            return prefix() + "weight_update." + projection.symbol();
        }

        String bias(Projection projection) {
            return prefix() + "bias_update." + projection.symbol();
        }

        private String prefix() {
            return "segment." + segment + ".layer." + layer + ".";
        }
    }

    private static void put(Names names, Layer layer, Map<String, NDArray> tensors) {
        for (Projection projection : Projection.values()) {
            Change change = layer.of(projection);
            if (change.weight() instanceof Factored factored) {
                tensors.put(names.input(), factored.inputs());
                tensors.put(names.error(projection), factored.errors());
            } else if (change.weight() instanceof Dense dense) {
                tensors.put(names.weight(projection), dense.values());
            }
            if (change.bias() instanceof Vector bias) {
                tensors.put(names.bias(projection), bias.values());
            }
        }
    }

    private static void putPlan(NDManager manager, UpdatePlan plan, Map<String, NDArray> tensors) {
        ProjectionShape shape = plan.shape();
        long[] sizes = {shape.layers(), shape.in(), shape.out(), shape.bias() ? 1 : 0, shape.elementBytes()};
        tensors.put("plan.shape", manager.create(sizes));
        tensors.put("plan.passes", manager.create(new long[] {plan.passes()}));
        long[][] rows = plan.segments().stream()
                .map(s -> new long[] {
                    s.parent(), s.shots(), s.dense() ? 1 : 0, s.steps().size()
                })
                .toArray(long[][]::new);
        tensors.put("plan.segments", manager.create(rows));
        tensors.put("plan.steps", manager.create(flat(plan, UpdatePlan.Segment::steps)));
        tensors.put("plan.tokens", manager.create(flat(plan, UpdatePlan.Segment::tokens)));
    }

    private static long[] flat(UpdatePlan plan, Function<UpdatePlan.Segment, List<Integer>> part) {
        return plan.segments().stream()
                .flatMap(s -> part.apply(s).stream())
                .mapToLong(Integer::longValue)
                .toArray();
    }

    /** Finds the tensors of a file by name. */
    private record Reader(UpdateTensors file) {
        UpdatePlan plan() {
            long[] shape = file.numbers("plan.shape");
            long[] rows = file.numbers("plan.segments");
            long[] steps = file.numbers("plan.steps");
            long[] tokens = file.numbers("plan.tokens");
            var segments = new ArrayList<UpdatePlan.Segment>();
            int at = 0;
            for (int row = 0; row < rows.length; row += COLUMNS) {
                int count = (int) rows[row + 3];
                segments.add(new UpdatePlan.Segment(
                        (int) rows[row],
                        (int) rows[row + 1],
                        slice(steps, at, count),
                        slice(tokens, at, count),
                        rows[row + 2] == 1));
                at += count;
            }
            var sizes = new ProjectionShape((int) shape[0], shape[1], shape[2], shape[3] == 1, (int) shape[4]);
            return new UpdatePlan(segments, (int) file.numbers("plan.passes")[0], sizes);
        }

        boolean has(int segment, UpdatePlan.Segment planned) {
            var names = new Names(segment, 0);
            return file.has(planned.dense() ? names.weight(Projection.KEY) : names.input());
        }

        List<Layer> layers(int segment, UpdatePlan plan) {
            var layers = new ArrayList<Layer>();
            for (int i = 0; i < plan.shape().layers(); i++) {
                var names = new Names(segment, i);
                UpdatePlan.Segment planned = plan.segments().get(segment);
                NDArray input = planned.dense() ? null : file.array(names.input());
                layers.add(new Layer(
                        change(
                                names,
                                Projection.KEY,
                                planned,
                                input,
                                plan.shape().bias()),
                        change(
                                names,
                                Projection.VALUE,
                                planned,
                                input,
                                plan.shape().bias())));
            }
            return layers;
        }

        private Change change(
                Names names, Projection projection, UpdatePlan.Segment planned, @Nullable NDArray input, boolean bias) {
            Update weight = input == null
                    ? new Dense(file.array(names.weight(projection)))
                    : new Factored(file.array(names.error(projection)), input, planned.tokens());
            return new Change(weight, bias ? new Vector(file.array(names.bias(projection))) : null);
        }

        private static List<Integer> slice(long[] numbers, int from, int count) {
            var list = new ArrayList<Integer>();
            for (int i = from; i < from + count; i++) {
                list.add((int) numbers[i]);
            }
            return list;
        }
    }
}
