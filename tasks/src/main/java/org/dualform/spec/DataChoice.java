package org.dualform.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.base.CommaList;
import org.dualform.spec.choice.Chat;
import org.dualform.spec.choice.ChatDemonstrations;

/**
 * What is measured: the model, the data sets, and which of their rows, in which order, under which template.
 *
 * @param model a built-in name, a folder in Hugging Face layout, a GGUF file, or {@code org/name} on the hub
 * @param datasets names, folders or files, in the order given
 * @param shots numbers of demonstrations, ascending
 * @param seeds draws of demonstrations, ascending; see {@link Experiment#FILE_ORDER}
 * @param limit the most rows that are evaluated
 * @param orders rearrangements of the same demonstrations, ascending; 0 is the drawn order
 * @param rows a file that names rows by number; empty: rows are drawn
 * @param perDataset values of single data sets, by the data set's name
 * @param split the evaluation split, or {@link Experiment#AUTO}
 * @param template templates' names or files, comma-separated, or {@link Experiment#AUTO}
 * @param description whether the template's task description opens the context
 * @param chat whether prompts are conversations
 * @param chatDemonstrations how a conversation shows the demonstrations
 */
public record DataChoice(
        String model,
        List<String> datasets,
        List<Integer> shots,
        List<Integer> seeds,
        int limit,
        List<Integer> orders,
        String rows,
        Map<String, PerDataset> perDataset,
        String split,
        String template,
        boolean description,
        Chat chat,
        ChatDemonstrations chatDemonstrations) {

    public DataChoice {
        datasets = List.copyOf(datasets);
        shots = List.copyOf(shots);
        seeds = List.copyOf(seeds);
        orders = List.copyOf(orders);
        perDataset = Collections.unmodifiableMap(new LinkedHashMap<>(perDataset));
    }

    /** The same with the shots and seeds that a data set has of its own. */
    DataChoice with(PerDataset own) {
        return new DataChoice(
                model,
                datasets,
                own.shots() == null ? shots : own.shots(),
                own.seeds() == null ? seeds : own.seeds(),
                limit,
                orders,
                rows,
                perDataset,
                split,
                template,
                description,
                chat,
                chatDemonstrations);
    }

    /** The templates asked for, distinct, in the order given. */
    public List<String> templates() {
        return CommaList.names(template).stream()
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** The largest number of demonstrations asked for. */
    public int maxShots() {
        return shots.get(shots.size() - 1);
    }

    /** The order in which all shot counts and the controls are measured. */
    public int firstOrder() {
        return orders.get(0);
    }

    /**
     * Whether the evaluated rows are the first of the file. All seeds share the evaluated rows, so seed 0, which asks for
     * the file's order, decides for all. Without it a fixed draw is taken, since some files are sorted by label.
     */
    public boolean evaluatesFirstRows() {
        return seeds.contains(Experiment.FILE_ORDER);
    }
}
