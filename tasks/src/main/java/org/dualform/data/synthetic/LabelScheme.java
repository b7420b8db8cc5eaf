package org.dualform.data.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.SplitMix64;

/** Chooses the label word of each category of an episode. */
public final class LabelScheme {
    private final List<String> trainingLabels;
    private final List<String> bindable;
    private final CorpusMix.LabelShares shares;

    public LabelScheme(Lexicon lexicon, CorpusMix.LabelShares shares) {
        this.trainingLabels = lexicon.trainingLabels();
        this.bindable = lexicon.bindable();
        this.shares = shares;
    }

    public Map<String, String> draw(SplitMix64 random, List<String> categories) {
        double total = shares.arbitrary() + shares.anyWord() + shares.canonical() + shares.flipped() + shares.mixed();
        double draw = random.nextDouble() * total;
        if ((draw -= shares.arbitrary()) < 0) {
            return pair(categories, random.sample(trainingLabels, categories.size()));
        }
        if ((draw -= shares.anyWord()) < 0) {
            return pair(categories, random.sample(bindable, categories.size()));
        }
        if ((draw -= shares.canonical()) < 0) {
            return pair(categories, categories);
        }
        if (draw - shares.flipped() < 0) {
            return pair(categories, rotate(categories, random.between(1, categories.size() - 1)));
        }
        return mixed(random, categories);
    }

    private Map<String, String> mixed(SplitMix64 random, List<String> categories) {
        List<String> others = trainingLabels.stream()
                .filter(word -> !categories.contains(word))
                .toList();
        List<String> labels = new ArrayList<>(random.sample(others, categories.size()));
        for (int i = 0; i < categories.size(); i++) {
            if (random.nextInt(2) == 0) {
                labels.set(i, categories.get(i));
            }
        }
        return pair(categories, labels);
    }

    private static List<String> rotate(List<String> words, int by) {
        List<String> rotated = new ArrayList<>(words.subList(by, words.size()));
        rotated.addAll(words.subList(0, by));
        return rotated;
    }

    private static Map<String, String> pair(List<String> categories, List<String> labels) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < categories.size(); i++) {
            pairs.put(categories.get(i), labels.get(i));
        }
        return pairs;
    }
}
