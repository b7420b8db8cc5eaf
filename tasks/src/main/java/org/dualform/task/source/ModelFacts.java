package org.dualform.task.source;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.dualform.contract.UserException;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.model.checkpoint.StoredWeight;
import org.dualform.model.checkpoint.WeightFiles;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.part.Architecture;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.prompt.ChatUse;
import org.dualform.prompt.PieceEncoder;
import org.dualform.prompt.Template;
import org.dualform.prompt.Wording;
import org.dualform.prompt.chat.ChatWording;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.task.parameters.Source;

/**
 * The facts about a model that planning and prompting need. Its weights stay on the disk. It owns the tokenizer.
 *
 * @param parameters the number of its parameters
 * @param vocabularyParameters how many of them are in tables over the vocabulary: the embedding, and the head where the
 *     files store one of its own
 * @param mapped whether weights are used where they are on the disk, so that processes share their pages
 */
public record ModelFacts(
        Source source,
        Architecture architecture,
        long parameters,
        long vocabularyParameters,
        boolean mapped,
        TextTokenizer tokenizer)
        implements AutoCloseable {
    public static final int FLOAT_BYTES = 4;

    /** Reads config.json, the tokenizer, and the headers of the weights. */
    public static ModelFacts read(Source source) {
        Architecture architecture = Families.architecture(ModelConfig.read(source.path()));
        Collection<StoredWeight> tensors =
                WeightFiles.open(source.path()).places().values();
        long parameters = tensors.stream().mapToLong(StoredWeight::size).sum();
        boolean mapped = tensors.stream().allMatch(StoredWeight::mapped);
        TextTokenizer tokenizer = TextTokenizer.open(source.path());
        int known = architecture.sizes().vocabulary();
        int used = tokenizer.vocabularySize();
        if (used > known) {
            tokenizer.close();
            throw UserException.data("In " + source.path() + " tokenizer.json has ids up to " + (used - 1)
                    + ", but the model knows " + known
                    + " tokens (\"vocab_size\" of config.json): the two do not belong"
                    + " together. Take the model's own tokenizer.");
        }
        long table = (long) known * architecture.sizes().embedding();
        long tables = tensors.stream()
                .mapToLong(StoredWeight::size)
                .filter(size -> size == table)
                .sum();
        return new ModelFacts(source, architecture, parameters, tables, mapped, tokenizer);
    }

    /** Bytes of the weights in single precision. */
    public long floatBytes() {
        return FLOAT_BYTES * parameters;
    }

    /**
     * The bytes that the weights of the given variants take together. Random weights are copies, made from the model's
     * own.
     */
    public long weightBytes(Set<ModelVariant> variants) {
        long others = variants.stream().filter(v -> v != ModelVariant.TRAINED).count();
        return floatBytes() * (1 + others * (mapped ? 1 : 2));
    }

    /** Bytes of the weights that processes on one machine have in common. */
    public long sharedBytes() {
        return mapped ? floatBytes() : 0;
    }

    /** Positions of the model's context. */
    public int positions() {
        return architecture.sizes().positions();
    }

    /**
     * How a template's texts and the label words become tokens of this model: plain, or in its own chat template.
     *
     * @param description whether the template's task description opens the context
     * @throws UserException if there is no description or chat template, or it cannot be used
     */
    public Wording wording(Template template, List<String> labels, boolean description) {
        String described = template.descriptionIf(description);
        List<String> words = template.wordsOf(labels);
        ChatUse chat = template.chat();
        if (chat == null) return Wording.plain(pieces(), described, words);
        ChatTemplate own = ChatTemplate.of(source.path());
        if (!own.sha256().equals(chat.sha256()))
            throw UserException.data(
                    "chat: the chat template of " + source.path() + " changed since the plan was made. Plan again.");
        return new ChatWording(pieces(), own, chat.demonstrations(), described, words);
    }

    /** The tokenizer as prompts use it. */
    public PieceEncoder pieces() {
        return new PieceEncoder() {
            @Override
            public int[] encode(String piece) {
                return tokenizer.encode(piece);
            }

            @Override
            public boolean prependsSpace() {
                return tokenizer.prependsSpace();
            }

            @Override
            public int bos() {
                return tokenizer.bos();
            }

            @Override
            public int eos() {
                return tokenizer.eos();
            }

            @Override
            public int vocabularySize() {
                return architecture.sizes().vocabulary();
            }
        };
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
