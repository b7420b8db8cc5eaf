package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.SplitMix64;
import org.dualform.data.synthetic.ClassificationTask;
import org.dualform.data.synthetic.Condition;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.SentenceMaker;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.model.Decoder;
import org.dualform.pretrain.recipe.Recipe;

/**
 * Measures accuracy by shot count while a model is trained, at little cost: in one causal forward pass over
 * demonstrations in the format of prompts, the prediction before the label of demonstration k equals that of a prompt
 * with k shots. Predictions are restricted to the task's labels.
 *
 * <p>Legend: B batch, T tokens, d width, V vocabulary.
 */
public final class ShotEvaluation {
    /** The shot counts that are measured. */
    public static final List<Integer> SHOTS = List.of(0, 1, 2, 4, 8, 16);

    private static final int DEMONSTRATIONS = SHOTS.get(SHOTS.size() - 1) + 1;

    /**
     * One sequence: its tokens and, for each shot count, the position where the label is predicted and the right label.
     */
    private record Prompt(List<Integer> ids, List<Integer> positions, List<Integer> gold, List<Integer> candidates) {}

    private final Lexicon lexicon;
    private final Vocabulary vocabulary;
    private final SentenceMaker sentences;
    private final int tasks;
    private final long seed;

    public ShotEvaluation(Lexicon lexicon, Vocabulary vocabulary, Recipe.Evaluation settings) {
        this.lexicon = lexicon;
        this.vocabulary = vocabulary;
        this.sentences = new SentenceMaker(lexicon);
        this.tasks = settings.tasks();
        this.seed = settings.seed();
    }

    /** The accuracy by condition and shot count, over as many tasks as the recipe says. */
    public Map<String, Map<Integer, Double>> run(NDManager manager, Decoder decoder) {
        Map<String, Map<Integer, Double>> curves = new LinkedHashMap<>();
        List<Condition> conditions = Condition.all();
        for (int i = 0; i < conditions.size(); i++) {
            curves.put(conditions.get(i).name(), curve(manager, decoder, conditions.get(i), i));
        }
        return curves;
    }

    private Map<Integer, Double> curve(NDManager manager, Decoder decoder, Condition condition, int stream) {
        List<Prompt> prompts = new ArrayList<>();
        SplitMix64 random = SplitMix64.stream(seed, stream);
        for (int task = 0; task < tasks; task++) {
            prompts.add(prompt(random, condition.draw(random, lexicon)));
        }
        int width =
                prompts.stream().mapToInt(prompt -> prompt.ids().size()).max().orElseThrow();
        long[] ids = new long[tasks * width]; // ids after the end of a prompt do not change anything before it
        for (int row = 0; row < tasks; row++) {
            List<Integer> prompt = prompts.get(row).ids();
            for (int t = 0; t < prompt.size(); t++) {
                ids[row * width + t] = prompt.get(t);
            }
        }
        int[] right = new int[SHOTS.size()];
        try (NDManager call = manager.newSubManager()) {
            NDArray hidden = decoder.hidden(call, call.create(ids, new Shape(tasks, width))); // (B, T, d)
            float[] logits =
                    decoder.logits(call, atLabels(call, hidden, prompts)).toFloatArray(); // (B·shots, V)
            for (int row = 0; row < tasks; row++) {
                Prompt prompt = prompts.get(row);
                for (int k = 0; k < SHOTS.size(); k++) {
                    int at = (row * SHOTS.size() + k) * vocabulary.size();
                    int best = prompt.candidates().stream()
                            .max((a, b) -> Float.compare(logits[at + a], logits[at + b]))
                            .orElseThrow();
                    right[k] += best == prompt.gold().get(SHOTS.get(k)) ? 1 : 0;
                }
            }
        }
        Map<Integer, Double> accuracy = new LinkedHashMap<>();
        for (int k = 0; k < SHOTS.size(); k++) {
            accuracy.put(SHOTS.get(k), (double) right[k] / tasks);
        }
        return accuracy;
    }

    /** The hidden states from which the labels after 0, 1, … shots are predicted: (B, T, d) → (B·shots, d). */
    private static NDArray atLabels(NDManager call, NDArray hidden, List<Prompt> prompts) {
        long width = hidden.getShape().get(1);
        long[] rows = new long[prompts.size() * SHOTS.size()];
        for (int row = 0; row < prompts.size(); row++) {
            for (int k = 0; k < SHOTS.size(); k++) {
                rows[row * SHOTS.size() + k] =
                        row * width + prompts.get(row).positions().get(SHOTS.get(k));
            }
        }
        NDArray flat = hidden.reshape(-1, hidden.getShape().get(2)); // (B·T, d)
        return flat.get(call.create(rows)); // (B·shots, d)
    }

    private Prompt prompt(SplitMix64 random, ClassificationTask task) {
        List<Integer> ids = new ArrayList<>(List.of(vocabulary.bos()));
        List<Integer> positions = new ArrayList<>();
        List<Integer> gold = new ArrayList<>();
        for (int i = 0; i < DEMONSTRATIONS; i++) {
            ClassificationTask.Example example = task.example(random, sentences);
            ids.add(vocabulary.id(Vocabulary.SENTENCE));
            example.sentence().forEach(word -> ids.add(vocabulary.id(word)));
            ids.add(vocabulary.id(Vocabulary.LABEL));
            positions.add(ids.size() - 1);
            gold.add(vocabulary.id(example.label()));
            ids.add(vocabulary.id(example.label()));
            ids.add(vocabulary.eos());
        }
        List<Integer> candidates =
                task.labels().values().stream().map(vocabulary::id).toList();
        return new Prompt(ids, positions, gold, candidates);
    }
}
