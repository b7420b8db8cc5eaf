package org.dualform.data;

import java.nio.file.Path;
import java.util.List;

/** A source of data sets that need no download. It is found by {@link java.util.ServiceLoader}. */
public interface BuiltinDatasets {
    /** The names of the data sets. */
    List<String> names();

    /**
     * The folder of a data set in the usual layout: {@code labels.json}, {@code train.jsonl} and {@code
     * validation.jsonl}. The files are written now unless they exist. Their content is the same at every call and on
     * every machine.
     *
     * @param name one of {@link #names()}
     * @param home a folder in which it may write
     */
    Path folder(String name, Path home);
}
