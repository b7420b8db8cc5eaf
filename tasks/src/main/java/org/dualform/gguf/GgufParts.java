package org.dualform.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.UserException;

/** The names of GGUF files. A model may be split over {@code NAME-00001-of-00003.gguf} and so on. */
public final class GgufParts {
    private static final String EXTENSION = ".gguf";
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.(?i:gguf)");
    private static final int MOST = 10_000;

    private GgufParts() {}

    /** Whether a name is one of a GGUF file. */
    public static boolean isName(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(EXTENSION);
    }

    /** Whether a path is a GGUF file that is there. */
    public static boolean isFile(Path path) {
        return isName(path.toString()) && Files.isRegularFile(path);
    }

    /** Whether a file stands for its model in a list: it is not split, or it is the first part. */
    public static boolean isFirst(Path path) {
        Matcher part = PART.matcher(String.valueOf(path.getFileName()));
        return !part.matches() || Integer.parseInt(part.group(2)) == 1;
    }

    /**
     * All files of the model that a file belongs to, in order.
     *
     * @throws UserException naming the parts that are missing
     */
    public static List<Path> of(Path path) {
        Matcher name = PART.matcher(String.valueOf(path.getFileName()));
        if (!name.matches()) return List.of(path);
        int count = Integer.parseInt(name.group(3));
        if (count < 1 || count > MOST)
            throw UserException.data(
                    "The name of " + path + " claims " + count + " parts; 1 to " + MOST + " are possible.");
        Mistakes mistakes = new Mistakes(ExitCode.DATA);
        List<Path> parts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String extension = path.toString().substring(path.toString().length() - EXTENSION.length());
            Path part = path.resolveSibling(
                    String.format(Locale.ROOT, "%s-%05d-of-%05d%s", name.group(1), i, count, extension));
            if (!Files.isRegularFile(part)) mistakes.add("The part " + part + " of the split model is missing.");
            parts.add(part);
        }
        mistakes.throwIfAny();
        return parts;
    }

    /** What is wrong with a part's metadata about the split; empty if nothing is. */
    static Optional<String> check(Path file, List<Path> files, Map<String, JsonNode> metadata) {
        int count =
                metadata.getOrDefault("split.count", MissingNode.getInstance()).asInt(1);
        int number =
                metadata.getOrDefault("split.no", MissingNode.getInstance()).asInt(files.indexOf(file));
        if (count <= 1 && files.size() == 1) return Optional.empty();
        if (count == files.size() && number == files.indexOf(file)) return Optional.empty();
        return Optional.of("The file " + file + " says that it is part " + (number + 1) + " of " + count
                + ", but its name says " + (files.indexOf(file) + 1) + " of " + files.size()
                + ": give the parts their own names again (NAME-00001-of-0000N.gguf).");
    }
}
