package org.dualform.data;

import java.nio.file.Path;
import java.util.List;

/** A source of data sets that need no download; found by {@link java.util.ServiceLoader}. */
public interface BuiltinDatasets {
    /** The names it knows. */
    List<String> names();

    /**
     * The folder of a data set in the usual layout ({@code labels.json}, {@code train.jsonl},
     * {@code validation.jsonl}), written now if it is not there yet. Equal at every call and on every machine.
     *
     * @param name one of {@link #names()}
     * @param home a folder in which it may write
     */
    Path folder(String name, Path home);
}
