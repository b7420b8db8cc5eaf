package org.dualform.data.file;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.base.DataFileName;

/**
 * A file that holds a split, or a part of one.
 *
 * @param split the split's name
 * @param part the part's number; empty if the file holds the whole split
 * @param parts the number of parts that there have to be; empty if the file holds the whole split
 */
public record SplitFile(Path path, String split, Optional<Integer> part, Optional<Integer> parts) {
    /** A part's name. Older tools of the hub write a hash at its end. */
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})(-[0-9a-f]{8,64})?");

    /** Reads a file's name; empty if it is none of a data file. */
    static Optional<SplitFile> of(Path path) {
        return DataFileName.of(path.toString()).map(name -> {
            Matcher part = PART.matcher(name.stem());
            return part.matches()
                    ? new SplitFile(path, part.group(1), number(part.group(2)), number(part.group(3)))
                    : new SplitFile(path, name.stem(), Optional.empty(), Optional.empty());
        });
    }

    private static Optional<Integer> number(String digits) {
        return Optional.of(Integer.parseInt(digits));
    }

    /** The file's name. */
    String name() {
        return String.valueOf(path.getFileName());
    }
}
